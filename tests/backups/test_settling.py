"""What comes back from a copy does nothing by itself: it was true of another host and another hour."""

import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from backups import services
from backups.choices import Outcome, RunKind, RunState, StepOutcome
from backups.models import BackupPolicy, Run, Schedule
from backups.services.settling import ACTOR, settle
from catalog.models import Site
from common.doctor import Verdict
from ledger.models import Entry
from notify.choices import DeliveryState, Way
from notify.models import Delivery, Message, Reminder
from notify.services import hand_out_reminders, remind_due, send_due, take_back, tell
from notify.services.calling_off import BROUGHT_BACK
from notify.services.sending import _due
from people import doctor
from people.choices import Role
from people.models import ApiKey, BrowserSession, PasswordReset
from people.selectors import organisation
from people.services import go_on, request_password_reset
from tests.backups import rows
from tests.support.people import person, signed_in, with_key

pytestmark = pytest.mark.django_db

TAKEN_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
COPY = SimpleNamespace(name="holdfast/20260102T030405Z-0007", taken_at=TAKEN_AT, manifest_sha256="ab" * 32)


@pytest.fixture
def own(settings, tmp_path) -> BackupPolicy:
    settings.DATA_DIR = tmp_path
    return rows.policy("holdfast", is_own=True, source={"own": True})


@pytest.fixture
def waiting(settings, own) -> list[Delivery]:
    """One that waits, one that failed, and one that was being sent when the copy was taken."""
    settings.EMAIL_CONFIGURED = True
    told = [person(Role.RESPONDER, email=f"{number}@example.org") for number in range(3)]
    tell(kind="notify.channel_test", about=Site.objects.create(name="Harbour"), to=told, context={"by": "x"})
    found = list(Delivery.objects.filter(way=Way.EMAIL).order_by("address"))
    Delivery.objects.filter(pk=found[1].pk).update(state=DeliveryState.FAILED, tries=2)
    long_ago = timezone.now() - timedelta(days=1)
    Delivery.objects.filter(pk=found[2].pk).update(
        state=DeliveryState.SENDING, lease_until=long_ago, lease_token=uuid.uuid4(), tries=1
    )
    return found


def settled(**options):
    return settle(COPY, **{"revoke_keys": False} | options)


def test_what_waited_when_the_copy_was_taken_is_never_sent(waiting):
    left = settled()
    assert left.deliveries == 3
    assert take_back(now=timezone.now()) == 0
    go_on(by="system:tests")
    assert send_due(urgency="normal") == 0
    states = Delivery.objects.filter(way=Way.EMAIL).values_list("state", "last_error", "lease_token")
    assert set(states) == {(DeliveryState.CANCELLED, BROUGHT_BACK, None)}
    entries = Entry.objects.filter(verb="delivery.cancelled", actor_label=ACTOR).order_by("pk")
    assert sorted(entry.data["before"] for entry in entries) == ["failed", "queued", "sending"]
    assert {entry.data["reason"] for entry in entries} == {"brought_back"}


def test_what_is_told_from_then_on_waits_until_this_is_the_house_that_goes_on(settings, own):
    settled()
    settings.EMAIL_CONFIGURED = True
    ada = person(Role.RESPONDER, email="ada@example.org")
    tell(kind="notify.channel_test", about=Site.objects.create(name="Harbour"), to=[ada], context={"by": "x"})
    assert send_due(urgency="normal") == 0
    assert Delivery.objects.get(way=Way.EMAIL).state == DeliveryState.QUEUED
    assert go_on(by=ada)
    assert _due(timezone.now(), "normal", "mail").count() == 1
    assert Entry.objects.get(verb="organisation.went_on").actor_id == str(ada.pk)
    assert not go_on(by=ada)
    assert Entry.objects.filter(verb="organisation.went_on").count() == 1


def test_no_schedule_begins_until_then(own):
    schedule = services.set_schedule(policy=own, kind="backup", rule="15 2 * * *", time_zone="UTC", by="system:tests")
    Schedule.objects.filter(pk=schedule.pk).update(next_due_at=TAKEN_AT)
    settled()
    assert services.claim_due(now=timezone.now()) == 0
    go_on(by="system:tests")
    assert services.claim_due(now=timezone.now()) == 1


def test_no_reminder_speaks_until_then(own):
    Reminder.objects.create(
        kind="x.due",
        subject_type="catalog.site",
        subject_id="1",
        to=person(),
        due_at=TAKEN_AT,
        next_at=TAKEN_AT,
        ladder=[],
    )
    settled()
    before = Message.objects.count()
    hand_out_reminders(now=timezone.now())
    assert remind_due() == 0
    assert Message.objects.count() == before


def test_runs_that_were_open_are_over_and_say_nothing_of_their_policy(own):
    running = services.request_run(policy_id=own.pk, kind=RunKind.BACKUP, in_foreground=True)
    running.steps.create(name="dump", position=1, outcome=StepOutcome.RUNNING, started_at=timezone.now())
    later = {"lease_until": timezone.now(), "lease_token": uuid.uuid4(), "started_at": timezone.now()}
    Run.objects.filter(pk=running.pk).update(state=RunState.RUNNING, **later)
    services.request_run(policy_id=own.pk, kind=RunKind.CHECK, in_foreground=True)
    assert settled().runs == 2
    assert set(Run.objects.values_list("state", "outcome", "reason_code")) == {
        (RunState.ENDED, Outcome.ERROR, "brought_back")
    }
    assert "brought back" in running.steps.get().note
    again = services.request_run(policy_id=own.pk, kind=RunKind.BACKUP, in_foreground=True)
    assert again.pk != running.pk


def test_nobody_is_signed_in_any_more(own):
    browser = signed_in(Role.RESPONDER)
    assert browser.get("/").status_code == 200
    assert BrowserSession.objects.count() == 1
    assert settled().sessions == 1
    assert browser.get("/").status_code == 302
    assert (BrowserSession.objects.count(), Session.objects.count()) == (0, 0)


def test_links_to_a_new_password_that_waited_are_not_sent(own):
    request_password_reset(person=person(email="ada@example.org"))
    settled()
    assert not PasswordReset.objects.exists()


def test_keys_work_again_unless_they_are_to_be_revoked(own):
    program = with_key(Role.AUDITOR)
    left = settled()
    assert (left.keys, left.revoked_keys) == (1, 0)
    assert program.get("/api/v1/incidents/").status_code == 200
    out = StringIO()
    call_command("go_on", "--revoke-keys", stdout=out)
    assert "API keys revoked: 1." in out.getvalue()
    assert program.get("/api/v1/incidents/").status_code == 401
    assert organisation().held_since is None
    call_command("go_on", stdout=out)
    assert "Nothing is held." in out.getvalue()


def test_no_key_of_the_copy_works_where_that_was_wanted(own):
    with_key(Role.AUDITOR)
    left = settled(revoke_keys=True)
    assert (left.keys, left.revoked_keys) == (0, 1)
    assert ApiKey.objects.get().revoked_at is not None


def test_the_doctor_says_that_all_is_held(own):
    settled()
    [finding] = doctor.held()
    assert finding.verdict == Verdict.WARN
    assert "2026-01-02 03:04" in finding.found
    go_on(by="system:tests")
    [finding] = doctor.held()
    assert finding.verdict == Verdict.OK
