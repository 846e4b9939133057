"""A clock that was ahead and is put right: nothing is done twice, and nothing waits until it is there again."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from backups.choices import RunKind, RunState
from backups.models import Copy, Run, Schedule
from backups.services import claim_due, request_run, set_schedule
from catalog.choices import Origin, Outcome
from catalog.services import record_measurement
from common import leases, services
from common.models import Heartbeat, PendingFact
from ledger.models import Entry
from notify.choices import DeliveryState, Way
from notify.models import Delivery, Message
from people.models import User
from tests.backups.conftest import make_database, make_policy, policy, repository  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
FAR = timedelta(hours=3)


def test_it_is_noticed_once_and_stands_in_the_ledger():
    now = timezone.now()
    services.tick(now=now + FAR)
    for _ in range(2):
        services.tick(now=now)
    entry = Entry.objects.get(verb="clock.set_back")
    assert entry.data == {"was": (now + FAR).isoformat(), "now": now.isoformat()}
    assert not Heartbeat.objects.filter(at__gt=now).exists()


def test_clocks_of_several_hosts_may_differ_a_little():
    now = timezone.now()
    services.tick(now=now + timedelta(minutes=4))
    services.tick(now=now)
    assert not Entry.objects.filter(verb="clock.set_back").exists()


def test_an_announcement_that_waits_by_the_wrong_clock_is_made_now():
    now = timezone.now()
    services.tick(now=now + FAR)
    PendingFact.objects.create(fact="tests.x", receiver="tests.y", due_at=now + FAR, last_error="x")
    services.tick(now=now)
    assert PendingFact.objects.get().due_at == now


def test_a_schedule_falls_due_at_the_next_slot_by_the_right_clock_and_no_slot_twice(policy):  # noqa: F811
    now = timezone.now().replace(hour=1, minute=0, second=0, microsecond=0)
    set_schedule(policy=policy, kind=RunKind.BACKUP, rule="30 * * * *", time_zone="UTC", by="system:test")
    Schedule.objects.update(next_due_at=now + timedelta(minutes=30))
    services.tick(now=now + FAR)
    assert Run.objects.get().missed_slots == 2
    Run.objects.update(state=RunState.ENDED, outcome="pass", ended_at=now)

    services.tick(now=now)

    assert Schedule.objects.get().next_due_at == now + timedelta(minutes=30)
    for hour in range(4):
        claim_due(now=now + timedelta(hours=hour, minutes=31))
        Run.objects.update(state=RunState.ENDED, outcome="pass", ended_at=now)
    slots = list(Run.objects.values_list("slot_at", flat=True))
    assert len(slots) == len(set(slots)) == 4
    passed_over = Entry.objects.get(verb="backup_schedule.slot_passed_over")
    assert passed_over.data["slot_at"].startswith(f"{now + timedelta(hours=2, minutes=30):%Y-%m-%dT%H:%M}")


def test_what_a_dead_worker_held_by_the_wrong_clock_is_free_after_a_minute(policy):  # noqa: F811
    run = request_run(policy_id=policy.pk, kind=RunKind.BACKUP)
    now = timezone.now()
    services.tick(now=now + FAR)
    leases.claim(Run.objects.filter(pk=run.pk), now=now + FAR, state=RunState.RUNNING, started_at=now + FAR)

    services.tick(now=now)
    services.sweep(now=now + leases.LEASE + timedelta(seconds=1))

    assert Run.objects.get().state == RunState.QUEUED


def test_what_was_found_out_by_the_wrong_clock_is_not_newer_than_what_is_found_out_from_now_on(policy):  # noqa: F811
    now = timezone.now()
    services.tick(now=now + FAR)
    copy = Copy.objects.create(
        policy=policy, repository=policy.repository, name="x/1", taken_at=now + FAR - timedelta(minutes=9), bytes=1
    )
    measured = record_measurement(
        origin=Origin.RESTORE_TEST, reference="RT-1", url="/", system=policy.system, outcome=Outcome.FAIL,
        measured_at=now + FAR - timedelta(minutes=5),
    )  # fmt: skip

    services.tick(now=now)

    copy.refresh_from_db()
    measured.refresh_from_db()
    assert copy.taken_at == now - timedelta(minutes=9)
    assert measured.measured_at == now - timedelta(minutes=5)
    verbs = Entry.objects.filter(verb__endswith=".dated_anew").values_list("verb", flat=True)
    assert sorted(verbs) == ["copy.dated_anew", "measurement.dated_anew"]


def test_a_message_that_was_put_off_by_the_wrong_clock_is_due():
    ada = User.objects.create_user("ada", name="Ada", email="ada@example.org")
    words = {"kind": "test.told", "to": ada, "subject": "x", "body": "x", "about_label": "x"}
    now = timezone.now()
    services.tick(now=now + FAR)
    late = {"way": Way.EMAIL, "address": "x@example.org", "due_at": now + FAR, "tries": 1}
    failed = Delivery.objects.create(
        **late, message=Message.objects.create(**words, dedupe_key="a"), state=DeliveryState.FAILED, last_error="451"
    )
    lease = {"lease_until": now + FAR, "lease_token": uuid.uuid4()}
    held = Delivery.objects.create(
        **late, **lease, message=Message.objects.create(**words, dedupe_key="b"), state=DeliveryState.SENDING
    )

    services.tick(now=now)

    failed.refresh_from_db()
    held.refresh_from_db()
    assert failed.due_at == now
    assert held.lease_until == now + leases.LEASE
