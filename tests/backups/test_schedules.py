"""One run for each slot, whoever asks and however often."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from backups import services
from backups.choices import RunState
from backups.models import BackupPolicy, Run, Schedule
from common.schedules import WrongSchedule, WrongZone
from ledger.models import Entry

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)


def scheduled(policy: BackupPolicy, due: datetime, *, kind="backup", rule="30 2 * * *", zone="UTC") -> Schedule:
    schedule = services.set_schedule(policy=policy, kind=kind, rule=rule, time_zone=zone, by="system:tests")
    Schedule.objects.filter(pk=schedule.pk).update(next_due_at=due)
    return Schedule.objects.get(pk=schedule.pk)


def at_the_same_moment(work: Callable[[], object], times: int = 2) -> list[object]:
    """Do the same in several threads that begin together, each with a connection of its own."""
    together = threading.Barrier(times)

    def one(_number: int) -> object:
        together.wait(10)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_the_same_moment_make_one_run(policy: BackupPolicy):
    due = datetime(2026, 3, 28, 2, 30, tzinfo=UTC)
    scheduled(policy, due)
    made = at_the_same_moment(lambda: services.claim_due(now=due + timedelta(seconds=1)), times=4)
    assert sum(made) == 1
    assert Run.objects.get().slot_at == due


@pytest.mark.django_db(transaction=True)
def test_the_same_slot_makes_no_second_run_when_a_tick_comes_again(policy: BackupPolicy):
    due = datetime(2026, 3, 28, 2, 30, tzinfo=UTC)
    schedule = scheduled(policy, due)
    services.claim_due(now=due)
    Run.objects.update(state=RunState.ENDED, outcome="pass", ended_at=due)
    Schedule.objects.filter(pk=schedule.pk).update(next_due_at=due)  # as if the first tick had never committed this
    assert services.claim_due(now=due) == 0
    assert Run.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_are_one_run(policy: BackupPolicy):
    runs = at_the_same_moment(lambda: services.request_run(policy_id=policy.pk, kind="backup").pk, times=4)
    assert len(set(runs)) == 1
    assert Run.objects.count() == 1


def test_missed_slots_are_one_run_that_says_so(policy: BackupPolicy):
    scheduled(policy, datetime(2026, 3, 20, 2, 30, tzinfo=UTC))
    services.claim_due(now=datetime(2026, 3, 25, 12, tzinfo=UTC))
    run = Run.objects.get()
    assert (run.slot_at, run.missed_slots) == (datetime(2026, 3, 25, 2, 30, tzinfo=UTC), 5)
    assert Schedule.objects.get().next_due_at == datetime(2026, 3, 26, 2, 30, tzinfo=UTC)
    assert Entry.objects.get(verb="backup_schedule.slots_missed").data == {"count": 5}


def test_a_slot_during_an_open_run_is_passed_over_and_told(policy: BackupPolicy):
    due = datetime(2026, 3, 28, 2, 30, tzinfo=UTC)
    scheduled(policy, due)
    open_run = services.request_run(policy_id=policy.pk, kind="backup")
    assert services.claim_due(now=due) == 0
    assert Entry.objects.get(verb="backup_schedule.slot_passed_over").data["open"] == open_run.reference


def test_a_paused_policy_falls_due_no_more_and_makes_up_for_nothing(policy: BackupPolicy):
    due = datetime(2026, 3, 28, 2, 30, tzinfo=UTC)
    scheduled(policy, due)
    services.pause_policy(policy_id=policy.pk, by="system:tests")
    assert services.claim_due(now=due) == 0
    services.resume_policy(policy_id=policy.pk, by="system:tests")
    assert Schedule.objects.get().next_due_at > datetime.now(UTC)


@pytest.mark.parametrize(
    ("rule", "due", "following"),
    [
        # In spring 02:30 does not exist in Berlin: it is 03:00 there.
        ("30 2 * * *", datetime(2026, 3, 28, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # In autumn it exists twice: once is enough.
        ("30 2 * * *", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
        (
            "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
        ),
    ],
)
def test_wall_time_holds_on_both_sides_of_daylight_saving(
    policy: BackupPolicy, rule: str, due: datetime, following: datetime
):
    scheduled(policy, due, rule=rule, zone="Europe/Berlin")
    services.claim_due(now=due)
    assert Schedule.objects.get().next_due_at == following


@pytest.mark.parametrize("rule", ["", "every night", "61 2 * * *", "FREQ=SOMETIMES", "* * * *", "0 0 30 2 * *", "\x00"])
def test_what_is_no_schedule_is_refused(policy: BackupPolicy, rule: str):
    with pytest.raises(WrongSchedule):
        services.set_schedule(policy=policy, kind="backup", rule=rule, time_zone="UTC", by="system:tests")
    assert not Schedule.objects.exists()


def test_what_is_no_zone_is_refused(policy: BackupPolicy):
    with pytest.raises(WrongZone):
        services.set_schedule(policy=policy, kind="backup", rule="30 2 * * *", time_zone="Mars", by="system:tests")


def test_a_schedule_that_became_unreadable_stops_no_other(make_policy: Callable[..., BackupPolicy]):
    due = datetime(2026, 3, 28, 2, 30, tzinfo=UTC)
    broken = scheduled(make_policy("one"), due)
    scheduled(make_policy("two"), due)
    Schedule.objects.filter(pk=broken.pk).update(time_zone="Europe/Atlantis")
    services.claim_due(now=due)
    assert set(Run.objects.values_list("policy__slug", flat=True)) == {"one", "two"}
    assert Schedule.objects.get(pk=broken.pk).next_due_at is None


def test_the_database_itself_refuses_a_second_run_for_a_slot(policy: BackupPolicy):
    row = {"policy": policy, "kind": "backup", "slot_at": NIGHT, "state": "ended", "outcome": "pass", "ended_at": NIGHT}
    Run.objects.create(**row)
    with pytest.raises(IntegrityError, match="run_is_one_a_slot"), transaction.atomic():
        Run.objects.create(**row)


def test_the_database_itself_refuses_a_second_open_run(policy: BackupPolicy):
    Run.objects.create(policy=policy, kind="backup")
    with pytest.raises(IntegrityError, match="run_is_one_at_a_time_a_kind"), transaction.atomic():
        Run.objects.create(policy=policy, kind="backup")
