"""What Holdfast finds opens one incident per cause, and what is proven again ends it."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from backups.choices import Outcome, RunKind, StepName
from catalog.choices import Criticality
from incidents import services, texts
from incidents.choices import EventKind, Source, State
from incidents.models import Incident
from incidents.runs import take_up
from ledger.models import Entry
from notify.choices import Urgency
from notify.models import Message
from people.choices import Role
from tests.backups import rows
from tests.catalog.factories import DependencyFactory, ServiceFactory
from tests.incidents.factories import CopyFactory, PolicyFactory, ended, person, responder

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def failed_test(policy, copy=None, outcome=Outcome.FAIL, **more):
    return ended(
        policy,
        RunKind.RESTORE_TEST,
        outcome,
        copy=copy,
        **{"failed_level": 4, "failed_step": StepName.RESTORE, **more},
    )


def backed_up(policy, taken_at=None):
    copy = CopyFactory(policy=policy, taken_at=taken_at or timezone.now())
    return ended(policy, RunKind.BACKUP, Outcome.PASS, copy=copy)


def test_a_failed_run_opens_an_incident_that_names_the_step():
    policy = PolicyFactory(name="Payroll")
    run = failed_test(policy)
    incident = Incident.objects.get()
    assert (incident.state, incident.source, incident.cause_key) == (State.TRIAGE, Source.ALERT, policy.cause_key)
    assert incident.shown_title == "Restore test of “Payroll” failed: the database could not be restored"
    event = incident.events.get()
    assert event.kind == EventKind.OPENED
    assert "the database could not be restored" in event.sentence
    assert list(incident.systems.all()) == [policy.system]
    assert Entry.objects.filter(verb="incident.opened", subject_id=str(incident.pk)).count() == 1
    assert incident.failed_rungs[0]["height"] == run.failed_level


def test_its_words_are_read_in_the_readers_language():
    failed_test(PolicyFactory(name="Payroll"))
    incident = Incident.objects.get()
    with translation.override("zh-hans"):
        assert "Payroll" in incident.shown_title


@pytest.mark.parametrize("owner_of", ["policy", "system", "nobody"])
def test_the_owner_of_the_policy_is_told_at_once_else_of_the_system_else_administrators(owner_of):
    people = {"policy": responder(), "system": responder(), "nobody": person(Role.ADMINISTRATOR)}
    policy = PolicyFactory(owner=people["policy"] if owner_of == "policy" else None)
    if owner_of != "nobody":
        policy.system.owner = people["system"]
        policy.system.save()
    failed_test(policy)
    message = Message.objects.get()
    assert message.to == people[owner_of]
    assert "could not be restored" in message.subject + message.body


@pytest.mark.parametrize(
    ("criticality", "outcome", "severity"),
    [
        (Criticality.CRITICAL, Outcome.FAIL, 2),
        (Criticality.CRITICAL, Outcome.ERROR, 3),
        (Criticality.IMPORTANT, Outcome.FAIL, 3),
        (Criticality.IMPORTANT, Outcome.ERROR, 4),
        (Criticality.NORMAL, Outcome.FAIL, 4),
        (Criticality.NORMAL, Outcome.ERROR, 4),
    ],
)
def test_severity_follows_the_service_and_an_error_is_one_lower(criticality, outcome, severity):
    policy = PolicyFactory()
    service = ServiceFactory(criticality=criticality)
    DependencyFactory(service=service, on_system=policy.system)
    failed_test(policy, outcome=outcome)
    incident = Incident.objects.get()
    assert incident.severity == severity
    assert list(incident.services.all()) == [service]


@pytest.mark.parametrize(
    ("criticality", "urgency"), [(Criticality.CRITICAL, Urgency.URGENT), (Criticality.IMPORTANT, Urgency.NORMAL)]
)
def test_only_severity_1_and_2_may_not_wait(criticality, urgency):
    policy = PolicyFactory(owner=responder())
    DependencyFactory(service=ServiceFactory(criticality=criticality), on_system=policy.system)
    failed_test(policy)
    assert Message.objects.get().urgency == urgency


def test_an_error_that_turns_out_to_be_a_failure_is_worse_and_told():
    policy = PolicyFactory(owner=responder())
    DependencyFactory(service=ServiceFactory(criticality=Criticality.CRITICAL), on_system=policy.system)
    failed_test(policy, outcome=Outcome.ERROR)
    failed_test(policy, outcome=Outcome.FAIL)
    incident = Incident.objects.get()
    assert incident.severity == 2
    assert "could not be carried out" in incident.shown_title
    assert "could not be carried out" not in incident.events.first().sentence
    assert Message.objects.filter(kind="incident.failed_again").count() == 1


def test_the_title_goes_on_to_say_what_happened_first_and_another_step_stands_on_the_timeline():
    policy = PolicyFactory(name="Payroll", owner=responder())
    failed_test(policy)
    first = Incident.objects.get().shown_title
    failed_test(policy, failed_level=5, failed_step=StepName.ASSERT)
    incident = Incident.objects.get()
    assert incident.shown_title == first
    assert "the restored content is not what was expected" in incident.events.first().sentence


def test_opened_again_it_is_named_by_the_new_failure():
    policy = PolicyFactory(owner=responder())
    incident = resolved_by_system(policy, days_ago=1)
    old = incident.shown_title
    failed_test(policy, failed_level=5, failed_step=StepName.ASSERT)
    incident.refresh_from_db()
    assert "the restored content is not what was expected" in incident.shown_title
    assert any(old.partition(": ")[2] in event.sentence for event in incident.events.all())


def test_a_warning_opens_nothing():
    ended(PolicyFactory(), RunKind.CHECK, Outcome.WARN, level=3)
    assert not Incident.objects.exists()


def test_failing_again_is_the_same_incident_told_once():
    policy = PolicyFactory(owner=responder())
    copy = CopyFactory(policy=policy)
    failed_test(policy, copy)
    failed_test(policy, copy)
    incident = Incident.objects.get()
    assert [event.kind for event in incident.events.all()] == [EventKind.FAILED_AGAIN, EventKind.OPENED]
    assert Message.objects.count() == 1


def test_sundays_failed_restore_test_is_not_closed_by_mondays_backup():
    policy, sunday = PolicyFactory(owner=responder()), timezone.now() - timedelta(days=1)
    failed_test(policy, CopyFactory(policy=policy, taken_at=sunday), started_at=sunday + HOUR)

    monday = backed_up(policy)
    assert Incident.objects.get().state == State.TRIAGE
    ended(policy, RunKind.CHECK, Outcome.PASS, copy=monday.copy, level=3)
    assert Incident.objects.get().state == State.TRIAGE

    run = ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=monday.copy, level=5)
    incident = Incident.objects.get()
    assert incident.state == State.RESOLVED
    assert incident.is_resolved_by_system
    assert incident.failed_rungs == []
    assert run.reference in incident.events.first().sentence
    assert Message.objects.filter(kind="incident.over").count() == 1


def test_a_restore_test_that_stopped_early_is_not_closed_by_a_check():
    policy = PolicyFactory()
    copy = CopyFactory(policy=policy)
    failed_test(policy, copy, failed_level=2, failed_step=StepName.VERIFY)
    ended(policy, RunKind.CHECK, Outcome.PASS, copy=copy, level=3)
    assert Incident.objects.get().state == State.TRIAGE
    ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=copy, level=4)
    assert Incident.objects.get().state == State.RESOLVED


def test_a_restore_test_that_never_took_a_copy_up_is_over_when_the_same_copy_is_restored():
    policy = PolicyFactory()
    copy = CopyFactory(policy=policy, taken_at=timezone.now() - HOUR)
    failed_test(policy, outcome=Outcome.ERROR, failed_step=StepName.SANDBOX)
    ended(policy, RunKind.CHECK, Outcome.PASS, copy=copy, level=3)
    assert Incident.objects.get().state == State.TRIAGE
    ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=copy, level=5)
    assert Incident.objects.get().state == State.RESOLVED


def test_a_restore_test_without_any_copy_is_over_with_the_first_one_that_is_restored():
    policy = PolicyFactory()
    failed_test(policy, outcome=Outcome.ERROR, failed_level=0, failed_step=StepName.FETCH)
    ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=backed_up(policy).copy, level=5)
    assert Incident.objects.get().state == State.RESOLVED


def test_a_failed_backup_is_over_with_the_next_one():
    policy = PolicyFactory()
    ended(policy, RunKind.BACKUP, Outcome.ERROR, failed_step=StepName.CONNECT)
    backed_up(policy, timezone.now())
    assert Incident.objects.get().state == State.RESOLVED


def test_one_that_somebody_took_over_is_not_ended_for_them_but_they_are_asked():
    owner = responder()
    policy = PolicyFactory(owner=owner)
    failed_test(policy)
    incident = Incident.objects.get()
    services.acknowledge(incident_id=incident.pk, by=owner)
    run = ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=CopyFactory(policy=policy), level=5)
    incident.refresh_from_db()
    assert incident.state == State.ACTIVE
    assert incident.failed_rungs == []
    assert run.reference in incident.events.first().sentence
    assert Message.objects.filter(kind="incident.proven_again", to=owner).count() == 1


def test_what_is_still_queued_is_not_sent_once_it_is_over(settings):
    settings.EMAIL_CONFIGURED = True
    policy = PolicyFactory(owner=responder())
    failed_test(policy)
    ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=CopyFactory(policy=policy), level=5)
    states = Message.objects.get(kind="incident.opened").deliveries.filter(way="email").values_list("state", flat=1)
    assert list(states) == ["cancelled"]


def resolved_by_system(policy, days_ago):
    failed_test(policy)
    ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=CopyFactory(policy=policy), level=5)
    at = timezone.now() - timedelta(days=days_ago)
    Incident.objects.update(occurred_at=at, detected_at=at, resolved_at=at)
    return Incident.objects.get()


def test_seen_again_within_seven_days_the_same_one_opens_again():
    policy = PolicyFactory(owner=responder())
    incident = resolved_by_system(policy, days_ago=6)
    failed_test(policy)
    incident.refresh_from_db()
    assert Incident.objects.count() == 1
    assert (incident.state, incident.resolved_at) == (State.TRIAGE, None)
    assert "Opened again by Holdfast" in incident.events.first().sentence
    assert Message.objects.filter(kind="incident.came_back").count() == 1


def test_seen_again_after_seven_days_a_new_one_is_linked_to_the_old():
    policy = PolicyFactory()
    old = resolved_by_system(policy, days_ago=8)
    failed_test(policy)
    assert Incident.objects.get(state=State.TRIAGE).previous == old


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.CLOSED])
def test_seen_again_once_its_review_began_a_new_one_is_linked_to_the_old(state):
    policy = PolicyFactory()
    old = resolved_by_system(policy, days_ago=1)
    Incident.objects.update(state=state)
    failed_test(policy)
    assert Incident.objects.get(state=State.TRIAGE).previous == old


def test_seen_again_after_a_person_resolved_it_a_new_one_is_linked_to_the_old():
    policy, owner = PolicyFactory(), responder()
    failed_test(policy)
    old = Incident.objects.get()
    services.acknowledge(incident_id=old.pk, by=owner)
    services.resolve(incident_id=old.pk, by=owner)
    failed_test(policy)
    assert Incident.objects.get(state=State.TRIAGE).previous == old


def test_a_pass_of_another_policy_changes_nothing():
    policy, other = PolicyFactory(), PolicyFactory()
    failed_test(policy)
    ended(other, RunKind.RESTORE_TEST, Outcome.PASS, copy=CopyFactory(policy=other), level=6)
    assert Incident.objects.get().state == State.TRIAGE


def test_a_repository_that_cannot_be_reached_is_one_incident_for_all_its_policies():
    first = PolicyFactory(owner=responder())
    second = PolicyFactory(repository=first.repository, owner=first.owner)
    for policy in (first, second):
        ended(
            policy,
            RunKind.BACKUP,
            Outcome.ERROR,
            failed_step=StepName.STORE,
            reason_code="repository_unreachable",
            reason_values={"repository": first.repository.name, "location": "/srv"},
        )
    incident = Incident.objects.get()
    assert incident.cause_key == f"backups.repository:{first.repository.pk}"
    assert incident.shown_title == f"The repository “{first.repository.name}” cannot be reached"
    assert {rung["policy"] for rung in incident.failed_rungs} == {str(first.pk), str(second.pk)}
    assert set(incident.systems.all()) == {first.system, second.system}

    backed_up(first)
    incident.refresh_from_db()
    assert incident.state == State.TRIAGE
    backed_up(second)
    incident.refresh_from_db()
    assert incident.state == State.RESOLVED


def test_a_resolved_one_can_not_be_opened_again_while_another_of_its_cause_is_live():
    policy, owner = PolicyFactory(), responder()
    failed_test(policy)
    old = Incident.objects.get()
    services.acknowledge(incident_id=old.pk, by=owner)
    services.resolve(incident_id=old.pk, by=owner)
    failed_test(policy)
    live = Incident.objects.get(state=State.TRIAGE)
    with pytest.raises(Exception, match=live.reference):
        services.reopen(incident_id=old.pk, by=owner, reason="still broken")


def test_messages_are_written_in_the_language_of_each_person_with_the_step():
    policy = PolicyFactory(name="Payroll", owner=responder(language="zh-hans"))
    failed_test(policy, outcome=Outcome.ERROR)
    failed_test(policy, failed_level=5, failed_step=StepName.ASSERT)
    opened, again = Message.objects.order_by("created_at")
    for message in (opened, again):
        assert "Payroll" in message.subject
        assert "<function" not in message.subject + message.body
    with translation.override("zh-hans"):
        assert str(texts.STEPS[StepName.ASSERT]) in again.subject


def told_late(policy, passed_kind, level, **more):
    """The failure is told only after a newer run has passed."""
    copy = CopyFactory(policy=policy)
    failure = rows.ended(policy, RunKind.RESTORE_TEST, Outcome.FAIL, copy=copy, failed_level=4, failed_step="restore")
    ended(policy, passed_kind, Outcome.PASS, copy=copy, level=level, **more)
    take_up(run_id=failure.pk)


def test_a_failure_that_is_told_after_a_newer_pass_opens_nothing():
    told_late(PolicyFactory(), RunKind.RESTORE_TEST, 5)
    assert not Incident.objects.exists()


def test_a_failure_that_is_told_after_a_newer_pass_of_a_lower_rung_is_one_still():
    told_late(PolicyFactory(), RunKind.CHECK, 3)
    assert Incident.objects.get().state == State.TRIAGE
