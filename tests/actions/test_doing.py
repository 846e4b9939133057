"""An action goes from open to verified, and nobody's word makes it so where a proof must."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actions import services
from actions.choices import EventKind, Kind, State
from actions.errors import CannotMove, NeedsProof, NotYourOwn, Unfit
from actions.links import About, Source
from actions.models import Action
from common.errors import NotAllowed, Stale
from ledger.models import Entry
from notify.models import Message, Reminder
from people.choices import Role
from tests.actions.factories import BY, SYSTEM, in_days, opened, passed_test
from tests.support.people import person

pytestmark = pytest.mark.django_db


def test_an_action_has_a_name_that_people_say_and_its_owner_hears_of_it(rosa):
    action = opened(rosa, title="Label the tapes")

    assert action.reference == f"A-{action.number:04d}"
    assert Message.objects.get(kind="action.assigned").to == rosa
    assert Entry.objects.get(verb="action.opened").subject_label == action.reference
    assert "Label" not in str(Entry.objects.get(verb="action.opened").data)
    reminder = Reminder.objects.get(subject_id=str(action.pk), kind="action.due")
    assert (reminder.to, reminder.next_at is not None) == (rosa, True)


def test_who_opens_an_own_action_gets_no_message(rosa):
    opened(rosa, by=rosa)
    assert not Message.objects.exists()


def test_begun_done_and_verified_by_a_second_person(rosa, otto):
    action = opened(rosa, by=otto)
    services.start(action_id=action.pk, by=rosa)
    done = services.finish(action_id=action.pk, by=rosa, text="All three.")
    assert (done.state, done.done_by) == (State.DONE, rosa)
    assert Message.objects.get(kind="action.to_verify").to == otto

    verified = services.confirm(action_id=action.pk, by=otto, evidence="Seen in the vault.")

    assert (verified.state, verified.verified_by, verified.proof_note) == (State.VERIFIED, otto, "Seen in the vault.")
    assert not Reminder.objects.filter(subject_id=str(action.pk), next_at__isnull=False).exists()
    assert list(action.events.values_list("kind", flat=True)) == ["verified", "done", "started", "opened"]


def test_nobody_verifies_their_own_work_as_owner_or_as_who_did_it(rosa, otto):
    action = opened(rosa)
    services.finish(action_id=action.pk, by=otto)
    for own in (rosa, otto):
        with pytest.raises(NotYourOwn):
            services.confirm(action_id=action.pk, by=own, evidence="I did.")
    assert Action.objects.get().state == State.DONE


def test_what_a_machine_proves_is_verified_by_nobodys_word(rosa, otto):
    action = opened(rosa, kind=Kind.FIX_BACKUP, about=SYSTEM)
    services.finish(action_id=action.pk, by=rosa)
    with pytest.raises(NeedsProof, match="restore test that passes"):
        services.confirm(action_id=action.pk, by=otto, evidence="Looks good.")


def test_only_what_is_done_is_verified_by_a_person(rosa, otto):
    with pytest.raises(CannotMove):
        services.confirm(action_id=opened(rosa).pk, by=otto, evidence="Seen.")


def test_a_passed_restore_test_verifies_what_is_about_its_policy_or_system(rosa):
    fix = opened(rosa, kind=Kind.FIX_BACKUP, about=SYSTEM)
    other = opened(rosa, kind=Kind.FIX_BACKUP, about=About("backups.policy:2", "Other"))
    retest = opened(rosa, kind=Kind.RETEST, about=SYSTEM)

    verified = services.verify(kind=Kind.FIX_BACKUP, about=["backups.policy:1", SYSTEM.key], proof=passed_test())

    assert verified == [fix]
    fix.refresh_from_db()
    assert (fix.state, fix.proof_reference, fix.proof_url) == (State.VERIFIED, "RT-0107", "/backups/runs/RT-0107/")
    assert {Action.objects.get(pk=each.pk).state for each in (other, retest)} == {State.OPEN}
    assert Message.objects.get(kind="action.verified").to == rosa
    assert services.verify(kind=Kind.FIX_BACKUP, about=[SYSTEM.key], proof=passed_test()) == []


def test_a_test_that_began_before_an_action_was_opened_proves_nothing_of_it(rosa):
    opened(rosa, kind=Kind.FIX_BACKUP, about=SYSTEM)
    began = timezone.now() - timedelta(hours=1)
    assert services.verify(kind=Kind.FIX_BACKUP, about=[SYSTEM.key], proof=passed_test(began_at=began)) == []


def test_opened_again_only_a_newer_proof_counts(rosa, otto):
    action = opened(rosa, kind=Kind.FIX_BACKUP, about=SYSTEM)
    old = passed_test(began_at=timezone.now() + timedelta(milliseconds=1))
    services.verify(kind=Kind.FIX_BACKUP, about=[SYSTEM.key], proof=passed_test())
    again = services.reopen(action_id=action.pk, by=otto, reason="It broke again.")
    assert (again.state, again.proof_kind, again.proof_at) == (State.OPEN, "", None)
    assert services.verify(kind=Kind.FIX_BACKUP, about=[SYSTEM.key], proof=old) == []
    assert action.events.get(kind=EventKind.REOPENED).values["proof"] == "RT-0107"


def test_a_proof_of_another_kind_is_a_defect_of_the_caller(rosa):
    with pytest.raises(ValueError, match="not proven by"):
        services.verify(kind=Kind.CHANGE_PLAN, about=[SYSTEM.key], proof=passed_test())


def test_what_is_proven_for_one_thing_names_it(rosa):
    with pytest.raises(Unfit) as refused:
        opened(rosa, kind=Kind.RETEST)
    assert set(refused.value.fields) == {"about"}


def test_a_risk_is_signed_by_a_manager_until_a_day_and_then_open_again(rosa, mona):
    action = opened(rosa)
    with pytest.raises(NotAllowed):
        services.accept_risk(action_id=action.pk, by=rosa, reason="Too dear.", until=in_days(5))
    accepted = services.accept_risk(action_id=action.pk, by=mona, reason="Too dear.", until=in_days(5))
    assert (accepted.state, accepted.accepted_by, accepted.reason) == (State.RISK_ACCEPTED, mona, "Too dear.")

    assert services.reopen_run_out(now=timezone.now() + timedelta(days=5)) == 0
    assert services.reopen_run_out(now=timezone.now() + timedelta(days=7)) == 1
    assert services.reopen_run_out(now=timezone.now() + timedelta(days=7)) == 0

    action.refresh_from_db()
    assert (action.state, action.accepted_until, action.reason) == (State.OPEN, None, "")
    assert set(Message.objects.filter(kind="action.risk_over").values_list("to", flat=True)) == {rosa.pk, mona.pk}


def test_a_proof_settles_an_accepted_risk_too(rosa, mona):
    action = opened(rosa, kind=Kind.FIX_BACKUP, about=SYSTEM)
    services.accept_risk(action_id=action.pk, by=mona, reason="Later.", until=in_days(5))
    assert services.verify(kind=Kind.FIX_BACKUP, about=[SYSTEM.key], proof=passed_test()) == [action]


def test_postponing_needs_a_reason_and_is_counted(rosa):
    action = opened(rosa)
    with pytest.raises(Unfit):
        services.postpone(action_id=action.pk, due_on=in_days(20), reason=" ", by=rosa)
    later = services.postpone(action_id=action.pk, due_on=in_days(20), reason="No tapes left.", by=rosa)
    sooner = services.postpone(action_id=action.pk, due_on=in_days(15), reason="They came.", by=rosa)
    assert (later.postponed_count, sooner.postponed_count, sooner.due_on) == (1, 1, in_days(15))
    assert "No tapes" not in str(Entry.objects.filter(verb="action.postponed").values_list("data", flat=True))


def test_handed_over_the_new_owner_hears_of_it_and_is_reminded_alone(rosa, otto):
    action = opened(rosa)
    services.reassign(action_id=action.pk, to=otto, by=rosa)
    assert Message.objects.filter(kind="action.assigned", to=otto).count() == 1
    waiting = Reminder.objects.filter(subject_id=str(action.pk), next_at__isnull=False)
    assert [reminder.to for reminder in waiting] == [otto]


def test_an_auditor_or_somebody_who_left_owns_nothing(rosa):
    for nobody in (person(Role.AUDITOR), person()):
        with pytest.raises(Unfit) as refused:
            services.reassign(action_id=opened(rosa).pk, to=nobody, by=rosa)
        assert set(refused.value.fields) == {"owner"}


def test_cancelled_with_a_reason_and_not_without(rosa, mona):
    action = opened(rosa)
    with pytest.raises(Unfit):
        services.cancel(action_id=action.pk, by=mona, reason="")
    assert services.cancel(action_id=action.pk, by=mona, reason="Sold.").state == State.CANCELLED
    with pytest.raises(CannotMove):
        services.start(action_id=action.pk, by=rosa)


def test_a_change_on_an_old_version_is_refused(rosa):
    action = opened(rosa)
    services.start(action_id=action.pk, by=rosa, version=1)
    with pytest.raises(Stale):
        services.finish(action_id=action.pk, by=rosa, version=1)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"description": "a\0b"}, "description"),
        ({"kind": "magic"}, "kind"),
        ({"due_on": in_days(-2)}, "due_on"),
        ({"due_on": in_days(4000)}, "due_on"),
        ({"about": About("'; DROP TABLE", "x")}, "about"),
        ({"about": About("catalog.system:1", "x", "//evil.example")}, "url"),
        ({"source": Source("incident", "INC-1", "https://evil.example")}, "url"),
    ],
)
def test_wrong_details_are_named_and_nothing_is_stored(rosa, details, field):
    with pytest.raises(Unfit) as refused:
        opened(rosa, **details)
    assert field in refused.value.fields
    assert not Action.objects.exists()


def test_what_came_from_something_restricted_follows_it(rosa):
    source = Source("incident", "INC-0001", "/incidents/INC-0001/", "", "incidents.incident:1")
    action = opened(rosa, source=source)
    assert services.set_restricted(source_key=source.key, is_restricted=True, by=BY) == 1
    assert services.set_restricted(source_key=source.key, is_restricted=True, by=BY) == 0
    assert services.set_restricted(source_key="", is_restricted=True, by=BY) == 0
    action.refresh_from_db()
    assert action.is_restricted


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "dreaming"},
        {"kind": "magic"},
        {"state": State.VERIFIED},
        {"state": State.DONE},
        {"state": State.RISK_ACCEPTED, "reason": "x"},
        {"state": State.CANCELLED},
        {"proof_kind": "hearsay"},
    ],
)
def test_the_database_refuses_a_state_without_what_it_stands_on(rosa, wrong):
    action = opened(rosa)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(**wrong)


def test_the_history_of_an_action_is_only_added_to(rosa):
    event = opened(rosa).events.get()
    for statement in ("UPDATE actions_actionevent SET text = 'x'", "DELETE FROM actions_actionevent"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement + " WHERE id = %s", [event.pk])
