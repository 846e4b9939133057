"""The rules of clocks, each with its example: what happened, what is promised, by which calendar."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.choices import HoldReason, State
from incidents.clocks.choices import MODES, PAUSING, ClockKind, ClockState, Mode
from incidents.clocks.counting import ALWAYS, Change, Clock, History, Target, clock, strictest
from people.calendars import Hours, OwnDay
from people.windows import read_windows

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LUNCH = read_windows("09:00-12:00, 13:00-18:00")
OFFICE = Hours(SHANGHAI, [LUNCH] * 5 + [()] * 2, {}, "Office")


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A moment of Monday 2026-03-09, unless another day is named."""
    return datetime.fromisoformat(text if "T" in text else f"2026-03-09T{text}").replace(tzinfo=zone)


def history(since: str = "09:00", *moves: tuple[str, str], updates: tuple[str, ...] = ()) -> History:
    changes = [Change(at(when), state) for when, state in moves]
    return History.of(at(since), changes, [at(each) for each in updates])


def resolve(span: timedelta, hours: Hours = ALWAYS) -> Target:
    return Target(ClockKind.RESOLVE, span, hours)


def read(found: Clock | None) -> Clock:
    assert found is not None
    return found


def test_1_a_clock_is_what_happened_and_nothing_else():
    story = history("09:00", ("09:05", "active"), ("10:00", "on_hold"), ("10:30", "active"))
    first = read(clock(story, resolve(4 * HOUR), at("11:00")))
    assert clock(story, resolve(4 * HOUR), at("11:00")) == first
    assert (first.counted, first.due_at, first.state) == (90 * MINUTE, at("13:30"), ClockState.RUNNING)
    later_learned = history("09:00", ("09:05", "active"), ("10:00", "on_hold"), ("10:45", "active"))
    assert read(clock(later_learned, resolve(4 * HOUR), at("11:00"))).due_at == at("13:45")


def test_2_what_passed_and_what_is_due_count_by_the_same_calendar():
    story = history("16:00", ("16:00", "active"), ("17:00", "on_hold"), ("2026-03-11T09:00", "active"))
    found = read(clock(story, resolve(4 * HOUR, OFFICE), at("2026-03-11T10:00")))
    assert found.counted == 2 * HOUR
    assert found.due_at == at("2026-03-11T12:00")


def test_3_another_target_keeps_the_pause_that_was_earned():
    story = history("09:00", ("09:00", "active"), ("09:30", "on_hold"), ("11:30", "active"))
    strict = read(clock(story, resolve(HOUR), at("11:45")))
    mild = read(clock(story, resolve(8 * HOUR), at("11:45")))
    assert strict.counted == mild.counted == 45 * MINUTE
    assert strict.state == ClockState.RUNNING
    assert mild.due_at == at("19:00")


def test_4_a_clock_that_is_paused_is_never_too_late():
    story = history("09:00", ("09:00", "active"), ("09:59", "on_hold"))
    found = read(clock(story, resolve(HOUR), at("2026-06-09T09:00")))
    assert (found.state, found.due_at, found.left) == (ClockState.PAUSED, None, MINUTE)


def test_4_what_was_too_late_before_the_pause_stays_so():
    story = history("09:00", ("09:00", "active"), ("10:01", "on_hold"))
    found = read(clock(story, resolve(HOUR), at("12:00")))
    assert (found.state, found.is_ticking) == (ClockState.BREACHED, False)


def test_5_time_in_which_it_was_resolved_is_not_pending_and_does_not_count():
    story = history("09:00", ("09:00", "active"), ("10:00", "resolved"), ("2026-03-12T10:00", "active"))
    found = read(clock(story, resolve(4 * HOUR), at("2026-03-12T11:00")))
    assert (found.counted, found.due_at) == (2 * HOUR, at("2026-03-12T13:00"))
    assert [segment.mode for segment in found.segments()] == [Mode.COUNTED, Mode.STOPPED, Mode.COUNTED]


def test_6_a_date_that_was_set_by_hand_does_not_move():
    story = history("09:00", ("09:00", "active"), ("10:00", "on_hold"))
    deadline = Target(ClockKind.RESOLVE, until=at("17:00"))
    assert read(clock(story, deadline, at("12:00"))).due_at == at("17:00")
    assert read(clock(story, deadline, at("17:01"))).state == ClockState.BREACHED


def test_7_lunch_holidays_and_worked_weekend_days():
    days = {date(2026, 10, 1): OwnDay((), "国庆节"), date(2026, 10, 10): OwnDay(LUNCH, "调休")}
    hours = Hours(SHANGHAI, [LUNCH] * 5 + [()] * 2, days)
    before_lunch = read(clock(history("11:30"), resolve(HOUR, hours), at("11:45")))
    assert before_lunch.due_at == at("13:30")
    holiday = read(clock(history("2026-09-30T17:30"), resolve(HOUR, hours), at("2026-09-30T17:45")))
    assert holiday.due_at == at("2026-10-02T09:30")
    worked = read(clock(history("2026-10-09T17:30"), resolve(HOUR, hours), at("2026-10-09T17:45")))
    assert worked.due_at == at("2026-10-10T09:30")


def test_7_what_was_reported_out_of_hours_begins_at_the_next_opening():
    found = read(clock(history("2026-03-07T23:00"), resolve(2 * HOUR, OFFICE), at("2026-03-08T12:00")))
    assert (found.counted, found.state, found.due_at) == (timedelta(0), ClockState.RUNNING, at("11:00"))


def test_8_three_quarters_and_the_end_fall_into_working_hours():
    found = read(clock(history("16:00"), resolve(4 * HOUR, OFFICE), at("16:30")))
    assert (found.near_at, found.due_at) == (at("2026-03-10T10:00"), at("2026-03-10T11:00"))


def test_9_what_goes_on_after_waiting_goes_on_in_working_hours():
    story = history("16:00", ("16:00", "active"), ("17:00", "on_hold"), ("23:00", "active"))
    found = read(clock(story, resolve(2 * HOUR, OFFICE), at("23:30")))
    assert (found.counted, found.due_at) == (HOUR, at("2026-03-10T10:00"))


def test_10_the_wall_clock_counts_when_the_clocks_change():
    hours = Hours(BERLIN, [LUNCH] * 5 + [()] * 2, {})
    spring = History.of(at("2026-03-27T17:00", BERLIN), [])
    assert read(clock(spring, resolve(2 * HOUR, hours), at("2026-03-28T12:00", BERLIN))).due_at == at(
        "2026-03-30T10:00", BERLIN
    )
    night = History.of(at("2026-10-25T00:00", BERLIN), [])
    found = read(clock(night, resolve(8 * HOUR), at("2026-10-25T03:00", BERLIN)))
    assert (found.counted, found.due_at) == (4 * HOUR, at("2026-10-25T07:00", BERLIN))


@pytest.mark.parametrize("state", [state for state, mode in MODES.items() if mode == Mode.COUNTED])
def test_every_state_but_those_that_wait_or_are_over_goes_on(state):
    story = history("09:00", ("09:00", "active"), ("10:00", "on_hold"), ("11:00", state))
    assert read(clock(story, resolve(4 * HOUR), at("12:00"))).counted == 2 * HOUR


def test_every_state_and_every_reason_to_wait_is_named():
    assert set(MODES) == set(State)
    assert {"", *HoldReason.values} == PAUSING


def test_acknowledge_runs_until_somebody_has_it_in_hand():
    target = Target(ClockKind.ACKNOWLEDGE, 15 * MINUTE)
    in_time = read(clock(history("09:00", ("09:03", "active"), ("11:00", "resolved")), target, at("12:00")))
    assert (in_time.state, in_time.counted) == (ClockState.MET, 3 * MINUTE)
    late = read(clock(history("09:00", ("09:20", "active")), target, at("12:00")))
    assert (late.state, late.counted, late.due_at) == (ClockState.BREACHED, 20 * MINUTE, at("09:15"))
    on_the_dot = read(clock(history("09:00", ("09:15", "active")), target, at("12:00")))
    assert on_the_dot.state == ClockState.MET
    nobody = read(clock(history("09:00"), target, at("09:15")))
    assert nobody.state == ClockState.BREACHED


def test_the_next_update_counts_from_the_last_and_ends_with_the_incident():
    target = Target(ClockKind.UPDATE, 30 * MINUTE)
    assert read(clock(history("09:00"), target, at("09:10"))).due_at == at("09:30")
    told = history("09:00", updates=("09:20", "09:45"))
    assert read(clock(told, target, at("09:50"))).due_at == at("10:15")
    assert clock(history("09:00", ("10:00", "resolved")), target, at("11:00")) is None


def test_resolved_in_time_is_met_and_the_figure_stands_still():
    story = history("09:00", ("09:05", "active"), ("12:00", "resolved"))
    found = read(clock(story, resolve(4 * HOUR), at("2026-05-01T09:00")))
    assert (found.state, found.counted, found.is_open) == (ClockState.MET, 3 * HOUR, False)


def test_of_several_promises_the_strictest_counts():
    story = history("16:00")
    soon, later_on = clock(story, resolve(4 * HOUR), at("16:30")), clock(story, resolve(3 * HOUR, OFFICE), at("16:30"))
    assert strictest([read(later_on), read(soon)], at("16:30")) == soon


def test_by_a_calendar_that_never_opens_nobody_knows_when_it_is_due():
    found = read(clock(history("09:00"), resolve(HOUR, Hours(SHANGHAI, [()] * 7, {})), at("2036-03-09T09:00")))
    assert (found.due_at, found.state, found.counted) == (None, ClockState.RUNNING, timedelta(0))


def test_years_are_explained_in_a_few_lines():
    found = read(clock(history("2016-03-09T09:00"), resolve(HOUR, OFFICE), at("12:00")))
    segments = found.segments()
    assert len(segments) < 50
    assert sum((segment.counted for segment in segments), timedelta(0)) == found.counted


MOMENTS = st.integers(0, 60 * 24 * 20).map(lambda passed: at("2026-09-28T00:00") + passed * MINUTE)
GOLDEN = Hours(SHANGHAI, [LUNCH] * 5 + [()] * 2, {date(2026, 10, 1): OwnDay((), "国庆节")})
STORIES = st.builds(
    History.of,
    MOMENTS,
    st.lists(st.builds(Change, MOMENTS, st.sampled_from(State.values)), max_size=8),
    st.lists(MOMENTS, max_size=3),
)
SPANS = st.integers(1, 60 * 30).map(lambda minutes: minutes * MINUTE)
TARGETS = st.one_of(
    st.builds(Target, st.sampled_from(ClockKind), SPANS, st.sampled_from([ALWAYS, OFFICE, GOLDEN])),
    st.builds(lambda until: Target(ClockKind.RESOLVE, until=until), MOMENTS),
)


@settings(max_examples=150, deadline=None)
@given(STORIES, TARGETS, MOMENTS)
def test_segments_sum_to_the_figure_and_never_overlap(story, target, now):
    found = clock(story, target, now)
    if found is None:
        return
    segments = found.segments()
    assert sum((segment.counted for segment in segments), timedelta(0)) == found.counted
    assert all(one.until == other.since for one, other in pairwise(segments))
    assert all(segment.since < segment.until for segment in segments)
    assert all(segment.mode == Mode.COUNTED or segment.counted == timedelta(0) for segment in segments)
    if segments:
        assert (segments[0].since, segments[-1].until) == (found.since, found.until)


@settings(max_examples=150, deadline=None)
@given(STORIES, TARGETS, MOMENTS)
def test_what_is_paused_never_becomes_late_by_waiting(story, target, now):
    found = clock(story, target, now)
    if found is None or found.state != ClockState.PAUSED:
        return
    assert found.counted <= found.span
    if not any(change.at >= now for change in story.changes):
        much_later = read(clock(story, target, now.astimezone(UTC) + timedelta(days=400)))
        assert (much_later.state, much_later.counted) == (ClockState.PAUSED, found.counted)
