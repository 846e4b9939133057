"""Recurring times in the wall time of a zone, and rules that would never end."""

import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from common.schedules import WrongSchedule, WrongZone, check_rule, next_after


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def following(rule, zone, start, count):
    found, instant = [], at(start)
    for _ in range(count):
        instant = next_after(rule, zone, instant)
        found.append(f"{instant:%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    "rule", ["30 2 * * *", "FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "RRULE:FREQ=DAILY;BYHOUR=2;BYMINUTE=30"]
)
def test_half_past_two_in_shanghai_is_the_evening_before_in_utc(rule):
    assert following(rule, "Asia/Shanghai", "2026-03-28 12:00", 2) == ["03-28 18:30", "03-29 18:30"]


@pytest.mark.parametrize("rule", ["30 4 * * *", "FREQ=DAILY;BYHOUR=4;BYMINUTE=30"])
def test_wall_time_stays_when_summer_time_begins_and_ends(rule):
    assert following(rule, "Europe/Berlin", "2026-03-28 00:00", 3) == ["03-28 03:30", "03-29 02:30", "03-30 02:30"]
    assert following(rule, "Europe/Berlin", "2026-10-24 00:00", 3) == ["10-24 02:30", "10-25 03:30", "10-26 03:30"]


@pytest.mark.parametrize("rule", ["30 2 * * *", "FREQ=DAILY;BYHOUR=2;BYMINUTE=30"])
def test_a_time_that_summer_time_skips_is_not_left_out(rule):
    days = following(rule, "Europe/Berlin", "2026-03-27 12:00", 3)
    assert [day[:5] for day in days] == ["03-28", "03-29", "03-30"]
    assert days[1] >= "03-29 01:00"


@pytest.mark.parametrize("rule", ["30 2 * * *", "FREQ=DAILY;BYHOUR=2;BYMINUTE=30"])
def test_a_time_that_comes_twice_fires_once(rule):
    days = following(rule, "Europe/Berlin", "2026-10-23 12:00", 3)
    assert [day[:5] for day in days] == ["10-24", "10-25", "10-26"]


@pytest.mark.parametrize("rule", ["*/5 * * * *", "FREQ=HOURLY;BYMINUTE=0,30"])
def test_short_steps_go_forward_through_both_changes(rule):
    for start in ("2026-03-28 23:00", "2026-10-24 22:00"):
        instants, instant = [], at(start)
        for _ in range(60):
            instant = next_after(rule, "Europe/Berlin", instant)
            instants.append(instant)
        assert all(earlier < later for earlier, later in pairwise(instants))


def test_every_second_week_keeps_in_step():
    first = following("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=3", "UTC", "2026-06-01 12:00", 4)
    assert following("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=3", "UTC", "2026-06-14 12:00", 3) == first[-3:] or (
        following("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=3", "UTC", "2026-06-14 12:00", 3) == first[:3]
    )


def test_the_last_sunday_of_a_month():
    assert following("FREQ=MONTHLY;BYDAY=-1SU;BYHOUR=1", "UTC", "2026-02-01 00:00", 2) == ["02-22 01:00", "03-29 01:00"]


def test_a_rule_that_has_run_out_has_no_next_time():
    assert next_after("FREQ=DAILY;UNTIL=20260110", "UTC", at("2026-02-01")) is None


@pytest.mark.parametrize(
    "rule",
    ["", "   ", "every day", "* * * *", "* * * * * *", "61 * * * *", "0 0 30 2 *", "* * * * 9",
     "99999999999999 * * * *",
     "@daily", "0 0 * * *; rm -rf /", "0 0 \x00 * *", "FREQ=", "FREQ=DAILY;FREQ=DAILY", "=", ";=;", "FREQ=OFTEN",
     "FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=DAILY;BYSECOND=0,1,2", "FREQ=DAILY;BYHOUR=25", "FREQ=DAILY;INTERVAL=0",
     "FREQ=HOURLY;INTERVAL=0", "FREQ=HOURLY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=99999999999999999999",
     "FREQ=DAILY;COUNT=3", "FREQ=DAILY;COUNT=1000000000", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
     "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=DAILY;INTERVAL=7;BYDAY=MO", "FREQ=WEEKLY;INTERVAL=26;BYMONTH=8",
     "FREQ=MONTHLY;BYDAY=6MO", "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
     "FREQ=HOURLY;INTERVAL=2;BYHOUR=3", "FREQ=DAILY;UNTIL=20200101", "DTSTART:20260101\nRRULE:FREQ=DAILY",
     "FREQ=DAILY\nRDATE:20260101", "FREQ=DAILY;BYEASTER=1", "FREQ=DAILY;BYHOUR=$(id)"],
)  # fmt: skip
def test_a_hostile_rule_is_refused_within_seconds(rule):
    started = time.monotonic()
    with pytest.raises(WrongSchedule, match="is not a schedule"):
        check_rule(rule, "Europe/Berlin")
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "europe/berlin", "UTC\x00", "/etc/localtime"])
def test_a_zone_that_is_none_is_refused(zone):
    with pytest.raises(WrongZone, match="is not a time zone"):
        check_rule("30 2 * * *", zone)


def test_an_hourly_rule_is_found_at_once_many_years_on():
    started = time.monotonic()
    assert next_after("FREQ=HOURLY;INTERVAL=5", "UTC", at("2046-01-01 00:30")) is not None
    assert time.monotonic() - started < 1
