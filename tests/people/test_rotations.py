"""Turns by the wall clock: weekly, daily, by hours, in several rotations, over both changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from people.duty import Gap, Instead, Plan, Turns, Why, shifts

ANA, BO, CY = (UUID(int=number) for number in (1, 2, 3))
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 6, 1)


def at(day: date, hour: int = 9, minute: int = 0, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=zone).astimezone(UTC)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def plan(*rotations: Turns, overrides: tuple[Instead, ...] = (), zone: ZoneInfo = BERLIN) -> Plan:
    return Plan(zone, rotations, overrides)


def weekly(*people: UUID, **more) -> Turns:
    return Turns(**{"people": people, "starts_on": MONDAY, "hand_over_at": time(9), "name": "Weeks", **more})


def told(found) -> list[tuple]:
    return [(each.person, each.since, each.until) for each in found]


def test_weeks_hand_over_at_the_hour_of_the_day_they_began():
    found, gaps = shifts(plan(weekly(ANA, BO)), at(MONDAY), at(MONDAY + days(21)))

    assert told(found) == [
        (ANA, at(MONDAY), at(MONDAY + days(7))),
        (BO, at(MONDAY + days(7)), at(MONDAY + days(14))),
        (ANA, at(MONDAY + days(14)), at(MONDAY + days(21))),
    ]
    assert gaps == []


def test_days_and_hours_turn_in_order():
    daily = plan(weekly(ANA, BO, CY, period="days", hand_over_at=time(8)))
    halves = plan(weekly(ANA, BO, period="hours", length=12, hand_over_at=time(8)))

    assert [each.person for each in shifts(daily, at(MONDAY, 8), at(MONDAY + days(4), 8))[0]] == [ANA, BO, CY, ANA]
    assert told(shifts(halves, at(MONDAY, 8), at(MONDAY + days(1), 8))[0]) == [
        (ANA, at(MONDAY, 8), at(MONDAY, 20)),
        (BO, at(MONDAY, 20), at(MONDAY + days(1), 8)),
    ]


def test_what_is_asked_for_is_cut_out_of_the_turn_it_lies_in():
    found, _gaps = shifts(plan(weekly(ANA, BO)), at(MONDAY + days(9), 3), at(MONDAY + days(9), 4))

    assert told(found) == [(BO, at(MONDAY + days(9), 3), at(MONDAY + days(9), 4))]


def test_before_it_begins_and_after_it_ends_nobody_has_the_duty():
    short = plan(weekly(ANA, ends_on=MONDAY + days(7)))
    found, gaps = shifts(short, at(MONDAY - days(1)), at(MONDAY + days(8)))

    assert told(found) == [(ANA, at(MONDAY), at(MONDAY + days(7)))]
    assert gaps == [Gap(at(MONDAY - days(1)), at(MONDAY)), Gap(at(MONDAY + days(7)), at(MONDAY + days(8)))]


@pytest.mark.parametrize(
    ("changes_on", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)], ids=["spring", "autumn"]
)
def test_the_hand_over_stays_at_its_hour_when_the_clocks_change(changes_on, hours):
    before = changes_on - days(1)
    daily = plan(weekly(ANA, BO, period="days", starts_on=before, hand_over_at=time(9)))

    found, gaps = shifts(daily, at(before), at(before + days(3)))

    assert [each.since.astimezone(BERLIN).hour for each in found] == [9, 9, 9]
    assert [each.until - each.since for each in found] == [timedelta(hours=hours), days(1), days(1)]
    assert gaps == []


def test_an_hour_that_is_skipped_moves_the_hand_over_on():
    spring = date(2026, 3, 29)
    daily = plan(weekly(ANA, BO, period="days", starts_on=spring - days(1), hand_over_at=time(2, 30)))

    found, gaps = shifts(daily, at(spring - days(1), 12), at(spring, 12))

    assert [each.person for each in found] == [ANA, BO]
    assert found[1].since == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert gaps == []


def test_an_hour_that_comes_twice_hands_over_once():
    autumn = date(2026, 10, 25)
    hourly = plan(weekly(ANA, BO, period="hours", starts_on=autumn, hand_over_at=time(0)))

    found, gaps = shifts(hourly, at(autumn, 0), at(autumn, 6))

    assert [each.person for each in found] == [ANA, BO, ANA, BO, ANA, BO]
    assert sorted(each.until - each.since for each in found) == [timedelta(hours=1)] * 5 + [timedelta(hours=2)]
    assert gaps == []


def test_the_first_rotation_that_has_somebody_counts_and_later_ones_fill_the_rest():
    office = weekly(ANA, weekdays=frozenset(range(5)), hours=(time(8), time(18)), name="Office hours")
    nights = weekly(BO, CY, name="Round the clock")

    found, gaps = shifts(plan(office, nights), at(MONDAY + days(4), 12), at(MONDAY + days(7), 12))

    assert told(found) == [
        (ANA, at(MONDAY + days(4), 12), at(MONDAY + days(4), 18)),
        (BO, at(MONDAY + days(4), 18), at(MONDAY + days(7), 8)),
        (ANA, at(MONDAY + days(7), 8), at(MONDAY + days(7), 12)),
    ]
    assert gaps == []


def test_hours_past_midnight_belong_to_the_day_they_begin_on():
    nights = weekly(ANA, weekdays=frozenset({4}), hours=(time(22), time(6)))

    found, gaps = shifts(plan(nights), at(MONDAY, 0), at(MONDAY + days(7), 0))

    assert told(found) == [(ANA, at(MONDAY + days(4), 22), at(MONDAY + days(5), 6))]
    assert len(gaps) == 2


def test_an_override_over_a_hand_over_cuts_both_turns():
    swap = Instead(CY, at(MONDAY + days(6)), at(MONDAY + days(8)), "swapped", uuid4())

    found, _gaps = shifts(plan(weekly(ANA, BO), overrides=(swap,)), at(MONDAY), at(MONDAY + days(14)))

    assert told(found) == [
        (ANA, at(MONDAY), at(MONDAY + days(6))),
        (CY, at(MONDAY + days(6)), at(MONDAY + days(8))),
        (BO, at(MONDAY + days(8)), at(MONDAY + days(14))),
    ]
    assert (found[1].why, found[1].name, found[1].override) == (Why.OVERRIDE, "swapped", swap.id)


def test_of_two_overrides_the_newest_counts():
    older = Instead(BO, at(MONDAY + days(1)), at(MONDAY + days(4)))
    newer = Instead(CY, at(MONDAY + days(2)), at(MONDAY + days(3)))

    found, _gaps = shifts(plan(weekly(ANA), overrides=(newer, older)), at(MONDAY), at(MONDAY + days(7)))

    assert [each.person for each in found] == [ANA, BO, CY, BO, ANA]


def test_a_roster_without_anybody_is_one_gap():
    assert shifts(plan(), at(MONDAY), at(MONDAY + days(1))) == ([], [Gap(at(MONDAY), at(MONDAY + days(1)))])


def test_turns_and_gaps_fill_the_time_whatever_the_plan():
    odd = plan(
        weekly(ANA, BO, CY, period="hours", length=7, weekdays=frozenset({1, 3}), hours=(time(5), time(3))),
        weekly(BO, weekdays=frozenset({6})),
        overrides=(Instead(CY, at(MONDAY + days(2), 1), at(MONDAY + days(2), 4)),),
    )
    since, until = at(date(2026, 10, 19), 0), at(date(2026, 11, 2), 0)
    found, gaps = shifts(odd, since, until)

    pieces = sorted((each.since, each.until) for each in [*found, *gaps])
    assert pieces[0][0] == since
    assert pieces[-1][1] == until
    assert all(first[1] == second[0] for first, second in pairwise(pieces))
