"""Many at once: real threads, real transactions."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from backups.choices import Outcome, RunKind, StepName
from common.errors import DomainError
from common.models import PendingFact
from incidents import services
from incidents.choices import LIVE, EventKind, State
from incidents.models import Incident
from notify.models import Message
from people import services as people
from tests.incidents.factories import CopyFactory, PolicyFactory, ended, reported, responder

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 8


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run all of them from one moment on. Returns what each returned, or the exception it raised."""
    barrier, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int) -> None:
        close_old_connections()
        barrier.wait(timeout=30)
        try:
            answers[number] = works[number]()
        except Exception as error:  # noqa: BLE001  it is what the test looks at
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def open_one(policy, copy=None):
    """A failed restore test of its own run, announced."""
    return ended(policy, RunKind.RESTORE_TEST, Outcome.FAIL, copy=copy, failed_level=4, failed_step=StepName.RESTORE)


def test_many_failures_of_one_cause_end_with_one_live_incident():
    policy = PolicyFactory()
    answers = at_once(*[lambda: open_one(policy)] * MANY)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    incident = Incident.objects.get()
    kinds = sorted(incident.events.values_list("kind", flat=True))
    assert kinds == [EventKind.FAILED_AGAIN] * (MANY - 1) + [EventKind.OPENED]
    assert not PendingFact.objects.exists()


def test_what_comes_back_many_times_at_once_is_opened_again_once():
    policy = PolicyFactory()
    open_one(policy)
    ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=CopyFactory(policy=policy), level=5)
    at_once(*[lambda: open_one(policy)] * MANY)
    incident = Incident.objects.get()
    assert incident.state == State.TRIAGE
    assert incident.events.filter(kind=EventKind.MOVED, values__to=State.TRIAGE).count() == 1
    assert not PendingFact.objects.exists()


def test_of_many_who_acknowledge_at_once_one_is_in_charge_and_the_others_are_told():
    incident = reported()
    people = [responder() for _each in range(MANY)]
    answers = at_once(*[lambda by=by: services.acknowledge(incident_id=incident.pk, by=by) for by in people])
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert len(refused) == MANY - 1
    incident.refresh_from_db()
    assert incident.owner in people
    assert incident.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 1


def test_of_two_who_change_the_same_version_one_is_told_that_it_is_stale():
    incident = services.acknowledge(incident_id=reported().pk, by=responder())
    one, other, seen = responder(), responder(), incident.version
    answers = at_once(
        lambda: services.mitigate(incident_id=incident.pk, by=one, version=seen),
        lambda: services.cancel(incident_id=incident.pk, by=other, reason="a drill", version=seen),
    )
    refused = [answer.code for answer in answers if isinstance(answer, DomainError)]
    assert refused == ["stale"]


def test_a_person_opens_again_what_fails_again_at_the_same_moment_and_one_stays_live():
    policy, by = PolicyFactory(), responder()
    open_one(policy)
    old = Incident.objects.get()
    services.acknowledge(incident_id=old.pk, by=by)
    services.resolve(incident_id=old.pk, by=by)
    answers = at_once(lambda: services.reopen(incident_id=old.pk, by=by, reason="it is back"), lambda: open_one(policy))
    assert Incident.objects.filter(state__in=LIVE).count() == 1
    assert not PendingFact.objects.exists()
    assert sum(isinstance(answer, DomainError) for answer in answers) <= 1


def test_two_ticks_take_up_what_was_on_hold_once():
    incident = services.acknowledge(incident_id=reported().pk, by=responder())
    services.hold(
        incident_id=incident.pk,
        by=responder(),
        hold_reason="vendor",
        reason="parts",
        resume_at=timezone.now() + timedelta(hours=1),
    )
    later = timezone.now() + timedelta(hours=2)
    answers = at_once(*[lambda: services.resume_due(now=later)] * 4)
    assert sum(answer for answer in answers if isinstance(answer, int)) == 1


def test_a_repository_and_its_policies_that_fail_and_pass_at_once_never_wait_for_each_other():
    first = PolicyFactory()
    second = PolicyFactory(repository=first.repository)

    def unreachable(policy):
        return ended(
            policy,
            RunKind.BACKUP,
            Outcome.ERROR,
            failed_step=StepName.STORE,
            reason_code="repository_unreachable",
            reason_values={},
        )

    def passed(policy):
        return ended(policy, RunKind.BACKUP, Outcome.PASS, copy=CopyFactory(policy=policy))

    works = [
        work for policy in (first, second) for work in (lambda p=policy: unreachable(p), lambda p=policy: passed(p))
    ]
    answers = at_once(*works, lambda: open_one(first), lambda: open_one(second))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert not PendingFact.objects.exists()
    for key in set(Incident.objects.values_list("cause_key", flat=True)):
        assert Incident.objects.filter(cause_key=key, state__in=LIVE).count() <= 1


def test_a_receiver_that_fails_leaves_the_outcome_and_is_asked_again(monkeypatch):
    from backups.models import Run
    from common import facts

    policy = PolicyFactory()
    with monkeypatch.context() as broken:
        broken.setattr("incidents.runs.services_on", lambda _system: 1 / 0)
        run = open_one(policy)
    assert Run.objects.filter(pk=run.pk, outcome=Outcome.FAIL).exists()
    assert not Incident.objects.exists()
    assert PendingFact.objects.get().receiver == "incidents.take_up_run"
    with transaction.atomic():
        assert facts.deliver_pending(now=timezone.now() + timedelta(hours=1)) == 1
    assert Incident.objects.get().cause_key == policy.cause_key


def test_of_many_workers_at_one_moment_one_takes_the_step(settings):
    settings.EMAIL_CONFIGURED = True  # else nobody can be called, and the calls are over before they begin
    ana, now = responder(), timezone.now()
    people.add_policy(
        name="Everything",
        is_default=True,
        steps=[{"whom": "person", "person": ana}, {"whom": "person", "person": ana, "after": timedelta(minutes=5)}],
        by="system:tests",
    )
    incident = reported(scales=(1, 1))
    later = now + timedelta(minutes=6)

    answers = at_once(*[lambda: services.take_due_steps(now=later)] * MANY)

    assert sorted(answers) == [0] * (MANY - 1) + [1]
    assert incident.events.filter(kind=EventKind.ESCALATED).count() == 2
    assert Message.objects.filter(kind="incident.escalated").count() == 2


def test_of_two_who_merge_two_into_each_other_one_is_refused_and_one_stays_live():
    one, other, by = reported(), reported(), responder()
    answers = at_once(
        lambda: services.merge(incident_id=one.pk, into_id=other.pk, by=by),
        lambda: services.merge(incident_id=other.pk, into_id=one.pk, by=by),
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert sorted(Incident.objects.values_list("state", flat=True)) == [State.MERGED, State.TRIAGE]


def test_what_is_resolved_while_another_is_merged_into_it_never_takes_in_what_nobody_works_on():
    by = responder()
    into = services.acknowledge(incident_id=reported().pk, by=by)
    one = reported()
    at_once(
        lambda: services.merge(incident_id=one.pk, into_id=into.pk, by=by),
        lambda: services.resolve(incident_id=into.pk, by=by),
    )
    one.refresh_from_db()
    taken_in = into.events.filter(kind=EventKind.MERGED).first()
    over = into.events.get(values__to=State.RESOLVED)
    assert one.state == State.TRIAGE or (taken_in and taken_in.at <= over.at)


def test_a_cause_that_fails_while_its_incident_is_merged_opens_no_second_one():
    policy, into = PolicyFactory(), reported()
    open_one(policy)
    found = Incident.objects.get(cause_key=policy.cause_key)
    answers = at_once(
        lambda: services.merge(incident_id=found.pk, into_id=into.pk, by=responder()),
        *[lambda: open_one(policy)] * 3,
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert Incident.objects.filter(cause_key=policy.cause_key).count() == 1
    assert not PendingFact.objects.exists()
