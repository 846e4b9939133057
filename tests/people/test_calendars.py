"""Calendars as they are kept: by services, admin, files and the API."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common.errors import Stale
from ledger.models import Entry
from people import services
from people.calendars import Window, next_opening
from people.choices import Role
from people.errors import CalendarInUse, WrongDetails
from people.models import Calendar, CalendarDay, CalendarWindow
from people.selectors import hours_of, working_hours
from people.windows import read_windows
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db
BY = "system:tests"
BERLIN = ZoneInfo("Europe/Berlin")
LUNCH = read_windows("09:00-12:00, 13:00-18:00")


def office(**more):
    hours = dict.fromkeys(range(5), LUNCH)
    return services.add_calendar(**{"name": "Office", "hours": hours, "time_zone": "Europe/Berlin", "by": BY, **more})


def windows_on(calendar, day):
    calendar.refresh_from_db()
    return hours_of([calendar])[calendar.pk].windows(day)


def test_a_calendar_is_kept_with_its_week():
    calendar = office()
    assert windows_on(calendar, date(2026, 3, 9)) == LUNCH
    assert windows_on(calendar, date(2026, 3, 8)) == ()
    assert Entry.objects.get(verb="calendar.added").data["hours"]["monday"] == "09:00-12:00, 13:00-18:00"


def test_hours_change_at_once_for_those_who_counted_before():
    calendar = office()
    assert windows_on(calendar, date(2026, 3, 9)) == LUNCH
    services.change_calendar(calendar_id=calendar.pk, hours={0: [Window(time(8), time(10))]}, by=BY)
    assert windows_on(calendar, date(2026, 3, 9)) == (Window(time(8), time(10)),)
    assert windows_on(calendar, date(2026, 3, 10)) == ()


def test_nothing_changed_is_no_change():
    calendar = office()
    services.change_calendar(calendar_id=calendar.pk, name="Office", hours=dict.fromkeys(range(5), LUNCH), by=BY)
    assert not Entry.objects.filter(verb="calendar.changed").exists()


def test_who_saw_an_older_version_is_refused():
    calendar = office()
    services.change_calendar(calendar_id=calendar.pk, name="Desk", by=BY, version=1)
    with pytest.raises(Stale):
        services.change_calendar(calendar_id=calendar.pk, name="Late", by=BY, version=1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"hours": {1: [Window(time(9), time(12)), Window(time(11), time(13))]}}, "tuesday"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(wrong, field):
    with pytest.raises(WrongDetails) as refusal:
        office(**wrong)
    assert list(refusal.value.fields) == [field]
    assert not Calendar.objects.exists()


def test_a_worked_saturday_is_worked_like_a_monday_unless_it_says_otherwise():
    calendar = office()
    services.add_day(calendar=calendar, date=date(2026, 10, 10), is_working=True, label="Make-up day", by=BY)
    services.add_day(
        calendar=calendar, date=date(2026, 10, 11), is_working=True, windows=[Window(time(10), time(12))], by=BY
    )
    services.add_day(calendar=calendar, date=date(2026, 10, 1), label="National Day", by=BY)
    assert windows_on(calendar, date(2026, 10, 10)) == LUNCH
    assert windows_on(calendar, date(2026, 10, 11)) == (Window(time(10), time(12)),)
    assert windows_on(calendar, date(2026, 10, 1)) == ()


def test_a_day_is_changed_and_taken_back():
    calendar = office()
    day = services.add_day(calendar=calendar, date=date(2026, 10, 1), label="National Day", by=BY)
    services.change_day(day_id=day.pk, is_working=True, windows=[Window(time(9), time(10))], by=BY)
    assert windows_on(calendar, date(2026, 10, 1)) == (Window(time(9), time(10)),)
    services.remove_day(day_id=day.pk, by=BY)
    assert windows_on(calendar, date(2026, 10, 1)) == LUNCH
    verbs = set(Entry.objects.filter(verb__startswith="calendar.day").values_list("verb", flat=True))
    assert verbs == {"calendar.day_added", "calendar.day_changed", "calendar.day_removed"}


def test_a_day_off_with_hours_and_a_day_twice_are_refused():
    calendar = office()
    with pytest.raises(WrongDetails) as refusal:
        services.add_day(calendar=calendar, date=date(2026, 10, 1), windows=LUNCH, by=BY)
    assert "windows" in refusal.value.fields
    services.add_day(calendar=calendar, date=date(2026, 10, 1), by=BY)
    with pytest.raises(WrongDetails):
        services.add_day(calendar=calendar, date=date(2026, 10, 1), by=BY)


def test_the_first_calendar_is_the_organisations_and_another_may_become_it():
    first, second = office(), office(name="Night")
    assert first.is_default
    assert not second.is_default
    services.make_default(calendar_id=second.pk, by=BY)
    services.make_default(calendar_id=second.pk, by=BY)
    assert list(Calendar.objects.filter(is_default=True)) == [second]
    assert Entry.objects.filter(verb="calendar.made_default").count() == 1


def test_the_organisations_calendar_stays_and_others_go():
    first, second = office(), office(name="Night")
    with pytest.raises(CalendarInUse):
        services.remove_calendar(calendar_id=first.pk, by=BY)
    services.remove_calendar(calendar_id=second.pk, by=BY)
    assert list(Calendar.objects.all()) == [first]


def test_reminders_keep_to_the_settings_until_there_is_a_calendar():
    night = datetime(2026, 3, 9, 3, tzinfo=BERLIN)
    assert next_opening(working_hours(BERLIN), night).hour == 8  # 09:00 in Berlin
    office(hours={0: [Window(time(11), time(12))]})
    assert next_opening(working_hours(BERLIN), night) == datetime(2026, 3, 9, 11, tzinfo=BERLIN)
    assert next_opening(working_hours(ZoneInfo("Asia/Shanghai")), night).hour == 3


def test_a_new_installation_begins_with_two_and_once():
    working, always = services.begin_calendars(by=BY)
    assert services.begin_calendars(by=BY) == (working, always)
    assert working.is_default
    assert hours_of([always])[always.pk].is_always
    assert Calendar.objects.count() == 2


def test_hours_of_many_calendars_are_read_in_two_queries_and_then_in_none(django_assert_num_queries):
    calendars = [office(name=f"Office {number}") for number in range(5)]
    with django_assert_num_queries(2):
        hours_of(calendars)
    with django_assert_num_queries(0):
        hours_of(calendars)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekday": None},
        {"weekday": 7},
        {"opens": time(18), "closes": time(9)},
    ],
)
def test_the_database_keeps_no_window_that_cannot_be(wrong):
    calendar = office()
    values = {"weekday": 6, "opens": time(9), "closes": time(18), **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarWindow.objects.create(calendar=calendar, **values)


@pytest.fixture
def desk():
    client = Client()
    client.force_login(person(Role.ADMINISTRATOR, password=PASSWORD))
    return client


def test_a_week_is_typed_in_the_admin_as_people_write_it(desk):
    week = {"monday": "9:00-12:00, 13:00-17:30", "saturday": "10:00-14:00"}
    answer = desk.post(reverse("admin:people_calendar_add"), {"name": "Shop", "time_zone": "", **week})
    assert answer.status_code == 302
    calendar = Calendar.objects.get(name="Shop")
    page = reverse("admin:people_calendar_change", args=[calendar.pk])
    assert "09:00-12:00, 13:00-17:30" in desk.get(page).content.decode()
    desk.post(page, {"name": "Shop", **week, "saturday": "", "seen_version": 1})
    assert windows_on(calendar, date(2026, 3, 7)) == ()
    assert windows_on(calendar, date(2026, 3, 9)) == read_windows(week["monday"])
    again = desk.post(page, {"name": "Shop", "monday": "whenever", "seen_version": 2})
    assert "Write times as" in again.content.decode()


def test_holidays_come_in_as_a_file(desk):
    calendar = office()
    text = "calendar,day,is worked,what day it is\nOffice,2026-10-01,no,National Day\nOffice,2026-10-10,yes,调休\n"
    file = SimpleUploadedFile("days.csv", text.encode())
    preview = desk.post(reverse("admin:people_calendarday_import"), {"file": file, "encoding": ""}, follow=True)
    assert "2 rows are added" in preview.content.decode()
    desk.post(preview.request["PATH_INFO"])
    assert list(CalendarDay.objects.values_list("date", "is_working", "label")) == [
        (date(2026, 10, 1), False, "National Day"),
        (date(2026, 10, 10), True, "调休"),
    ]
    assert windows_on(calendar, date(2026, 10, 10)) == LUNCH


def test_a_calendar_in_a_file_that_is_not_there_is_said_so(desk):
    file = SimpleUploadedFile("days.csv", b"calendar,day\nNowhere,2026-10-01\n")
    preview = desk.post(reverse("admin:people_calendarday_import"), {"file": file, "encoding": ""}, follow=True)
    assert "1 row is refused" in preview.content.decode()


def test_a_program_keeps_a_calendar(desk):
    body = {"name": "Shop", "time_zone": "Asia/Shanghai", "hours": {"monday": "09:00-12:00"}}
    made = desk.post("/api/v1/calendars/", body, content_type="application/json").json()
    assert made["hours"]["monday"] == "09:00-12:00"
    assert made["hours"]["sunday"] == ""
    page = f"/api/v1/calendars/{made['id']}/"
    for _again in range(2):
        day = {"date": "2026-10-10", "is_working": True, "hours": "10:00-12:00"}
        answer = desk.post(f"{page}set-day/", day, content_type="application/json")
        assert answer.json()["hours"] == "10:00-12:00"
    assert len(desk.get(f"{page}days/").json()) == 1
    desk.post(f"{page}clear-day/", {"date": "2026-10-10"}, content_type="application/json")
    assert desk.get(f"{page}days/").json() == []
    wrong = {"name": "Other", "hours": {"monday": "later"}}
    refused = desk.post("/api/v1/calendars/", wrong, content_type="application/json")
    assert refused.status_code == 400
