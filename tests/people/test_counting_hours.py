"""Time by a calendar: windows, holidays, worked weekend days, and both changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from people.calendars import WHOLE_DAY, Hours, OwnDay, Window, counted, is_open, later, next_opening, segments
from people.windows import read_windows, write_windows

BERLIN, SHANGHAI, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
LUNCH = read_windows("09:00-12:00, 13:00-18:00")
HOUR = timedelta(hours=1)


def weekdays(*windows, zone=BERLIN, days=None):
    return Hours(zone, [windows] * 5 + [()] * 2, days or {})


def at(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


OFFICE = weekdays(*LUNCH)
ALWAYS = Hours(BERLIN, [(WHOLE_DAY,)] * 7, {})
#: The National Day of 2026 begins on a Thursday; the Saturday after the week is worked for it.
GOLDEN = {
    **{date(2026, 10, day): OwnDay((), "国庆节") for day in (1, 2, 5, 6, 7)},
    date(2026, 10, 10): OwnDay(LUNCH, "调休"),
}
CHINA = weekdays(*LUNCH, zone=SHANGHAI, days=GOLDEN)


def test_a_lunch_break_does_not_count():
    assert counted(OFFICE, at("2026-03-09T11:00"), at("2026-03-09T14:00")) == 2 * HOUR


def test_a_night_and_a_weekend_do_not_count():
    assert counted(OFFICE, at("2026-03-06T17:00"), at("2026-03-09T10:00")) == 2 * HOUR
    assert counted(OFFICE, at("2026-03-07T00:00"), at("2026-03-09T00:00")) == timedelta(0)


def test_a_holiday_does_not_count_and_a_worked_saturday_does():
    assert counted(CHINA, at("2026-09-30T17:00", SHANGHAI), at("2026-10-08T10:00", SHANGHAI)) == 2 * HOUR
    assert counted(CHINA, at("2026-10-09T17:00", SHANGHAI), at("2026-10-10T10:00", SHANGHAI)) == 2 * HOUR
    assert later(CHINA, at("2026-10-09T18:00", SHANGHAI), HOUR) == at("2026-10-10T10:00", SHANGHAI)


def test_due_is_the_first_moment_at_which_the_time_is_over():
    assert later(OFFICE, at("2026-03-09T09:00"), 8 * HOUR) == at("2026-03-09T18:00")
    assert later(OFFICE, at("2026-03-09T11:00"), 2 * HOUR) == at("2026-03-09T14:00")
    assert later(OFFICE, at("2026-03-06T17:00"), 2 * HOUR) == at("2026-03-09T10:00")


def test_what_begins_out_of_hours_begins_at_the_next_opening():
    assert next_opening(OFFICE, at("2026-03-07T03:00")) == at("2026-03-09T09:00")
    assert later(OFFICE, at("2026-03-07T03:00"), HOUR) == at("2026-03-09T10:00")
    assert is_open(OFFICE, at("2026-03-09T09:00"))
    assert not is_open(OFFICE, at("2026-03-09T12:00"))


def test_in_spring_the_night_has_an_hour_less():
    night = Hours(BERLIN, [(Window(time(0), time(6)),)] * 7, {})
    assert counted(night, at("2026-03-29T00:00"), at("2026-03-29T12:00")) == 5 * HOUR
    assert later(night, at("2026-03-29T01:00"), 2 * HOUR) == at("2026-03-29T04:00")
    assert counted(ALWAYS, at("2026-03-29T00:00"), at("2026-03-30T00:00")) == 23 * HOUR
    assert later(ALWAYS, at("2026-03-29T00:00"), 24 * HOUR) == at("2026-03-30T01:00")


def test_in_autumn_it_has_one_more():
    night = Hours(BERLIN, [(Window(time(0), time(6)),)] * 7, {})
    assert counted(night, at("2026-10-25T00:00"), at("2026-10-25T12:00")) == 7 * HOUR
    assert later(night, at("2026-10-25T00:00"), 4 * HOUR) == at("2026-10-25T03:00")


def test_working_hours_stay_at_the_same_time_of_the_wall_clock():
    for day in ("2026-03-27", "2026-03-30", "2026-10-23", "2026-10-26"):
        assert next_opening(OFFICE, at(f"{day}T01:00")) == at(f"{day}T09:00")
    assert later(OFFICE, at("2026-03-27T17:00"), 2 * HOUR) == at("2026-03-30T10:00")


def test_a_window_that_the_clocks_skip_in_part_begins_when_they_have_skipped():
    hours = Hours(NEW_YORK, [()] * 6 + [read_windows("01:00-02:30, 02:45-04:00")], {})
    spans = hours.spans(date(2026, 3, 8))
    assert [until - since for since, until in spans] == [HOUR, HOUR]
    assert spans[0][1] == spans[1][0] == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_a_calendar_without_hours_never_comes_to_an_end_and_says_so():
    never = Hours(BERLIN, [()] * 7, {})
    assert later(never, at("2026-03-09T09:00"), HOUR) is None
    assert next_opening(never, at("2026-03-09T09:00")) is None
    assert counted(never, at("2026-03-09T09:00"), at("2036-03-09T09:00")) == timedelta(0)
    only_once = Hours(BERLIN, [()] * 7, {date(2026, 3, 9): OwnDay(LUNCH)})
    assert later(only_once, at("2026-03-09T09:00"), 9 * HOUR) is None
    assert later(OFFICE, at("2026-03-09T09:00"), timedelta(days=36_500)) is None


def test_closed_pieces_name_the_holidays_in_them():
    pieces = list(segments(CHINA, at("2026-09-30T17:00", SHANGHAI), at("2026-10-08T10:00", SHANGHAI)))
    assert [(piece.is_open, piece.labels) for piece in pieces] == [(True, ()), (False, ("国庆节",)), (True, ())]


def test_windows_that_touch_are_one_piece():
    pieces = list(segments(Hours(BERLIN, [(WHOLE_DAY,)] * 7, {date(2020, 1, 1): OwnDay(())}), *_month()))
    assert [piece.is_open for piece in pieces] == [True]


def _month():
    return at("2026-03-01T00:00"), at("2026-04-01T00:00")


NIGHTS = Hours(NEW_YORK, [read_windows("00:00-02:30, 02:30-05:00, 22:00-24:00")] * 7, GOLDEN)
FIRST = datetime(2025, 12, 20, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=390)).map(lambda passed: FIRST + passed)
CALENDARS = st.sampled_from([OFFICE, CHINA, ALWAYS, NIGHTS])


@settings(max_examples=40, deadline=None)
@given(CALENDARS, st.tuples(MOMENTS, MOMENTS, MOMENTS))
def test_counting_adds_up_and_pieces_fill_the_time_without_overlaps(hours, moments):
    since, middle, until = sorted(moments)
    whole = counted(hours, since, until)
    assert whole == counted(hours, since, middle) + counted(hours, middle, until)
    pieces = list(segments(hours, since, until))
    assert sum((piece.until - piece.since for piece in pieces if piece.is_open), timedelta(0)) == whole
    assert all(one.until == other.since and one.is_open != other.is_open for one, other in pairwise(pieces))
    assert not pieces or (pieces[0].since, pieces[-1].until) == (since, until)


@settings(max_examples=40, deadline=None)
@given(CALENDARS, MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(days=40)))
def test_what_is_due_later_is_exactly_so_much_later(hours, since, span):
    due = later(hours, since, span)
    assert counted(hours, since, due) == span
    assert counted(hours, since, due - timedelta(microseconds=1)) < span


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("9:00-12:00，13:00–18:00", "09:00-12:00, 13:00-18:00"),
        ("13:00-18:00; 09:00-12:00", "09:00-12:00, 13:00-18:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them(text, kept):
    assert write_windows(read_windows(text)) == kept


@pytest.mark.parametrize(
    "text",
    ["9 to 5", "12:00-09:00", "09:00-09:00", "09:00-12:00, 11:00-13:00", "25:00-26:00", "24:00-24:00", "x" * 150],
)
def test_hours_that_cannot_be_are_refused(text):
    with pytest.raises(ValidationError):
        read_windows(text)
