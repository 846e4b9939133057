"""The clock of the machine jumps ahead by hours and is put right: nothing is done twice, and nothing waits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.chaos.house import RECOVERY_SECONDS, House, label
from tests.support.product import wait_until

AHEAD = timedelta(hours=10)


@pytest.fixture
def clock(house: House) -> Iterator[House]:
    """A product whose clock the test may set; it is right again afterwards."""
    yield house
    house.set_clock(timedelta(0))


def beats_near(house: House, moment: datetime) -> bool:
    """Whether tick and sweep bear this time, give or take a minute."""
    signs = house.inside.ask("SELECT at FROM common_heartbeat WHERE name IN ('beat', 'sweep')")
    return all(abs(at - moment) < timedelta(minutes=1) for (at,) in signs)


def wait_until_it_works(house: House, off: timedelta) -> None:
    """All parts give signs of life by the clock as it is now, and what is told is sent."""
    wait_until(lambda: beats_near(house, datetime.now(UTC) + off), RECOVERY_SECONDS)
    wait_until(lambda: house.product.get("/readyz")[0] == 200, RECOVERY_SECONDS)
    title = label()
    assert house.ask("POST", "incidents/", {"title": title}, key=title).status == 201
    wait_until(lambda: house.mails_about(title), RECOVERY_SECONDS)


def next_due(house: House) -> dict[str, datetime]:
    return dict(house.inside.ask("SELECT kind, next_due_at FROM backups_schedule"))


def test_ten_hours_ahead_and_back(clock: House):
    house = clock
    real = next_due(house)
    runs = house.count("SELECT count(*) FROM backups_run")
    house.inside.ask("UPDATE backups_schedule SET next_due_at = now() + interval '1 hour' WHERE kind = 'backup'")
    due = [kind for kind, at in next_due(house).items() if at < datetime.now(UTC) + AHEAD]

    house.set_clock(AHEAD)
    wait_until_it_works(house, AHEAD)
    wait_until(lambda: house.count("SELECT count(*) FROM backups_run") == runs + len(due), RECOVERY_SECONDS)
    house.wait_until_quiet(60)
    with house.locked("backups_step"):  # a worker dies holding a run, as a clock that is wrong counts
        house.inside.ask("UPDATE backups_schedule SET next_due_at = now() WHERE kind = 'check'")
        wait_until(lambda: house.waits_for("backups_step"), RECOVERY_SECONDS)
        house.kill("verify")

    house.set_clock(timedelta(0))
    wait_until_it_works(house, timedelta(0))
    assert house.count("SELECT count(*) FROM ledger_entry WHERE verb = 'clock.set_back'") == 1
    far = "SELECT count(*) FROM backups_run WHERE lease_until > now() + interval '61 seconds'"
    assert house.count(far) == 0
    house.a_minute_passes()
    house.wait_until_quiet(60)
    assert (house.inside.last("check")["outcome"], house.inside.last("check")["attempts"]) == ("pass", 2)
    assert {kind: at for kind, at in next_due(house).items() if real[kind] > datetime.now(UTC)} == real
    assert house.count("SELECT count(*) FROM backups_run") == runs + len(due) + 1
    slots = "SELECT count(*) - count(DISTINCT (policy_id, kind, slot_at)) FROM backups_run WHERE slot_at IS NOT NULL"
    assert house.count(slots) == 0
    ids = [mail["Message-ID"] for mail in house.sink.mails]
    assert len(ids) == len(set(ids))
