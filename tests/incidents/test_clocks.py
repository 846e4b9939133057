"""Clocks of real incidents: read in few queries, promised by severity and service, told once."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.errors import Stale
from incidents import services
from incidents.choices import EventKind, State
from incidents.clocks import looking
from incidents.clocks.choices import ClockKind, ClockState
from incidents.errors import NoDeadline, Unfit
from incidents.metrics import of_incidents
from incidents.models import ClockLook, ClockNotice, ClockTarget, Deadline, Incident
from incidents.selectors import clocks_of
from ledger.models import Entry
from notify.models import Message
from people.calendars import WHOLE_DAY, Window
from people.choices import Role
from people.services import add_calendar, change_calendar
from tests.catalog.factories import ServiceFactory
from tests.incidents.factories import person, reported, responder
from tests.support.people import person as staff

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BY = "system:tests"


@pytest.fixture
def always():
    return add_calendar(name="Always", hours=dict.fromkeys(range(7), (WHOLE_DAY,)), by=BY)


@pytest.fixture
def promised(always):
    """Severity 3: acknowledge in 10, update each 20, resolve in 60 minutes. Severity 1: in half of that."""
    for severity, factor in ((3, 1), (1, 0.5)):
        services.promise(
            severity=severity,
            calendar=always,
            acknowledge_within=10 * MINUTE * factor,
            update_every=20 * MINUTE * factor,
            resolve_within=HOUR * factor,
            by=BY,
        )
    ClockTarget.objects.update(since=timezone.now() - timedelta(days=60))


def told(kind):
    return {message.to.name for message in Message.objects.filter(kind=kind)}


def states_of(incident, now):
    return {each.kind: each.state for each in clocks_of([incident], now)[incident.pk].all}


def test_clocks_follow_what_is_done(promised):
    start, worker = timezone.now(), responder()
    incident = reported(now=start)
    services.acknowledge(incident_id=incident.pk, by=worker, now=start + 5 * MINUTE)
    incident.refresh_from_db()
    found = clocks_of([incident], start + 30 * MINUTE)[incident.pk]
    assert {each.kind: each.state for each in found.all} == {
        ClockKind.ACKNOWLEDGE: ClockState.MET,
        ClockKind.UPDATE: ClockState.BREACHED,
        ClockKind.RESOLVE: ClockState.RUNNING,
    }
    assert found.of(ClockKind.ACKNOWLEDGE).counted == 5 * MINUTE
    assert found.pressing.kind == ClockKind.UPDATE
    assert found.of(ClockKind.RESOLVE).due_at == start + HOUR


def test_on_hold_pauses_and_an_update_begins_anew(promised):
    worker, incident = responder(), reported()
    services.acknowledge(incident_id=incident.pk, by=worker)
    services.update_reporters(incident_id=incident.pk, by=worker, text="We are on it.")
    services.hold(
        incident_id=incident.pk, by=worker, hold_reason="vendor", reason="Provider", resume_at=timezone.now() + HOUR
    )
    incident.refresh_from_db()
    found = clocks_of([incident], timezone.now() + 50 * HOUR)[incident.pk]
    assert {each.state for each in found.all} == {ClockState.MET, ClockState.PAUSED}


def test_a_row_without_a_timeline_is_read_by_its_own_columns(promised):
    now = timezone.now()
    incident = reported(now=now - 3 * HOUR)
    at = {"acknowledged_at": now - 2 * HOUR, "resolved_at": now - HOUR}
    Incident.objects.filter(pk=incident.pk).update(state=State.RESOLVED, **at)
    incident.refresh_from_db()
    found = clocks_of([incident], now)[incident.pk].of(ClockKind.RESOLVE)
    assert (found.counted, found.state, found.is_open) == (2 * HOUR, ClockState.BREACHED, False)


def test_a_list_takes_as_many_queries_as_one(promised, django_assert_max_num_queries):
    rows = [reported() for _number in range(3)]
    clocks_of(rows, timezone.now())
    for some in (rows[:1], rows):
        with django_assert_max_num_queries(4):
            clocks_of(some, timezone.now())


def test_a_service_of_its_own_promise_goes_before_and_the_strictest_of_several_counts(promised, always):
    mild, strict, plain = ServiceFactory(), ServiceFactory(), ServiceFactory()
    services.promise(severity=3, service=mild, calendar=always, resolve_within=8 * HOUR, by=BY)
    services.promise(severity=3, service=strict, calendar=always, resolve_within=HOUR / 2, by=BY)
    now, due = timezone.now(), {}
    for name, affected in {"mild": [mild], "both": [mild, plain], "all": [mild, strict, plain]}.items():
        incident = reported(services=affected, now=now)
        due[name] = clocks_of([incident], now)[incident.pk].of(ClockKind.RESOLVE).due_at - now
    assert due == {"mild": 8 * HOUR, "both": HOUR, "all": HOUR / 2}
    only = clocks_of([reported(services=[mild], now=now)], now)
    assert [each.kind for clocks in only.values() for each in clocks.all] == [ClockKind.RESOLVE]


def test_what_is_over_is_held_to_what_was_promised_then(promised, always):
    start, worker = timezone.now() - 2 * HOUR, responder()
    incident = reported(now=start)
    services.acknowledge(incident_id=incident.pk, by=worker, now=start)
    services.resolve(incident_id=incident.pk, by=worker)
    target = ClockTarget.objects.get(severity=3, until=None)
    services.change_promise(target_id=target.pk, resolve_within=8 * HOUR, by=BY)
    incident.refresh_from_db()
    assert states_of(incident, timezone.now())[ClockKind.RESOLVE] == ClockState.BREACHED
    services.reopen(incident_id=incident.pk, by=worker, reason="Again")
    incident.refresh_from_db()
    assert states_of(incident, timezone.now())[ClockKind.RESOLVE] == ClockState.RUNNING


@pytest.mark.parametrize(
    "wrong",
    [
        {"resolve_within": timedelta(0)},
        {"resolve_within": timedelta(days=400)},
        {"resolve_within": None},
        {"severity": 5},
    ],
)
def test_what_nobody_could_promise_is_refused(wrong, always):
    with pytest.raises(Unfit):
        services.promise(**{"severity": 1, "calendar": always, "resolve_within": HOUR, "by": BY, **wrong})
    assert not ClockTarget.objects.exists()


def test_one_promise_for_a_severity_and_service(promised, always):
    with pytest.raises(Unfit):
        services.promise(severity=3, calendar=always, resolve_within=HOUR, by=BY)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockTarget.objects.create(severity=3, calendar=always, resolve_within=HOUR)


def test_a_promise_is_changed_on_the_version_that_was_seen_and_withdrawn(promised):
    target = ClockTarget.objects.get(severity=3)
    services.change_promise(target_id=target.pk, resolve_within=2 * HOUR, by=BY, version=1)
    with pytest.raises(Stale):
        services.change_promise(target_id=target.pk, resolve_within=3 * HOUR, by=BY, version=1)
    services.withdraw_promise(target_id=target.pk, by=BY)
    services.withdraw_promise(target_id=target.pk, by=BY)
    incident = reported()
    assert clocks_of([incident], timezone.now())[incident.pk].all == ()
    assert Entry.objects.filter(verb="clock_target.withdrawn").count() == 1


def test_a_deadline_counts_before_all_promises_until_it_is_lifted(promised):
    worker, incident = responder(), reported()
    now = timezone.now()
    services.set_deadline(incident_id=incident.pk, by=worker, due_at=now + 5 * HOUR, reason="Month-end")
    found = clocks_of([incident], now)[incident.pk].of(ClockKind.RESOLVE)
    assert (found.due_at, found.is_absolute) == (now + 5 * HOUR, True)
    services.lift_deadline(incident_id=incident.pk, by=worker, reason="Moved")
    services.lift_deadline(incident_id=incident.pk, by=worker, reason="Moved")
    assert clocks_of([incident], now)[incident.pk].of(ClockKind.RESOLVE).due_at == incident.reported_at + HOUR
    said = [event.sentence for event in incident.events.filter(kind=EventKind.CLOCK)]
    assert len(said) == 2
    assert said[1].startswith("Has to be resolved by")


def test_a_deadline_lies_ahead_has_a_reason_and_is_for_what_lives(promised):
    worker, incident = responder(), reported()
    now = timezone.now()
    for wrong in ({"due_at": now - MINUTE}, {"due_at": now + 400 * 24 * HOUR}, {"reason": " "}):
        given = {"due_at": now + HOUR, "reason": "Month-end", **wrong}
        with pytest.raises(Unfit):
            services.set_deadline(incident_id=incident.pk, by=worker, **given)
    services.cancel(incident_id=incident.pk, by=worker, reason="A test")
    with pytest.raises(NoDeadline):
        services.set_deadline(incident_id=incident.pk, by=worker, due_at=timezone.now() + HOUR, reason="Late")
    assert not Deadline.objects.exists()


def test_near_and_over_are_told_once_each_and_stand_on_the_timeline_once(promised):
    start, worker = timezone.now(), responder(name="Wu")
    incident = reported(now=start)
    services.acknowledge(incident_id=incident.pk, by=worker, now=start + MINUTE)
    services.update_reporters(incident_id=incident.pk, by=worker, text="Soon.")
    for minutes in (10, 16, 17, 21, 22, 40):
        services.look_at_clocks(now=start + minutes * MINUTE)
    given = list(ClockNotice.objects.order_by("due_at", "level").values_list("kind", "level"))
    assert given == [("update", "near"), ("update", "over")]
    assert told("incident.clock_near") == told("incident.clock_over") == {"Wu"}
    assert Message.objects.filter(kind="incident.clock_over").count() == 1
    assert incident.events.get(kind=EventKind.CLOCK).sentence.startswith("The next update is late")
    services.look_at_clocks(now=start + 61 * MINUTE)
    assert ClockNotice.objects.filter(kind="resolve", level="over").exists()


def test_at_a_severe_breach_the_manager_hears_of_it(promised):
    start, manager = timezone.now(), person(Role.MANAGER, name="Ma")
    worker = responder(name="Wu", manager=manager)
    severe, mild = reported(scales=(1, 1), now=start), reported(now=start)
    for each in (severe, mild):
        services.acknowledge(incident_id=each.pk, by=worker, now=start)
    services.look_at_clocks(now=start + 11 * MINUTE)
    assert told("incident.clock_over") == {"Wu", "Ma"}
    services.look_at_clocks(now=start + 21 * MINUTE)
    about_mild = Message.objects.filter(kind="incident.clock_over", about_id=str(mild.pk))
    assert {message.to.name for message in about_mild} == {"Wu"}


def test_nobody_is_told_while_it_waits_or_once_it_is_over(promised):
    start, worker = timezone.now(), responder()
    held, over = reported(now=start), reported(now=start)
    for each in (held, over):
        services.acknowledge(incident_id=each.pk, by=worker, now=start)
    services.hold(incident_id=held.pk, by=worker, hold_reason="vendor", reason="Provider", resume_at=start + 50 * HOUR)
    services.resolve(incident_id=over.pk, by=worker)
    services.look_at_clocks(now=start + 5 * HOUR)
    assert not ClockNotice.objects.exists()
    assert not ClockLook.objects.filter(incident=over).exists()


def test_by_office_hours_nobody_is_told_at_night():
    """Reported on Friday at 16:00, due at 18:00, and the worker stood still until Saturday."""
    office = add_calendar(name="Office", hours=dict.fromkeys(range(5), (Window(time(9), time(18)),)), by=BY)
    services.promise(severity=3, calendar=office, resolve_within=2 * HOUR, by=BY)
    friday = datetime(2026, 3, 6, 16, tzinfo=UTC)
    ClockTarget.objects.update(since=friday)
    incident = reported(now=friday)
    ClockLook.objects.update(at=friday)
    services.look_at_clocks(now=friday + 8 * HOUR)
    assert not ClockNotice.objects.exists()
    assert ClockLook.objects.get(incident=incident).at == friday + 9 * HOUR
    monday = datetime(2026, 3, 9, 9, tzinfo=UTC)
    ClockLook.objects.update(at=monday)
    services.look_at_clocks(now=monday)
    assert ClockNotice.objects.get().level == "over"


def test_what_ends_with_the_working_day_is_told_as_it_ends():
    office = add_calendar(name="Office", hours=dict.fromkeys(range(5), (Window(time(9), time(18)),)), by=BY)
    services.promise(severity=3, calendar=office, resolve_within=2 * HOUR, by=BY)
    friday = datetime(2026, 3, 6, 16, tzinfo=UTC)
    ClockTarget.objects.update(since=friday)
    reported(now=friday)
    ClockLook.objects.update(at=friday)
    services.look_at_clocks(now=friday + 2 * HOUR + timedelta(seconds=5))
    assert ClockNotice.objects.get().is_told


def test_what_was_over_long_ago_is_noted_and_no_news(promised):
    reported(now=timezone.now() - timedelta(days=30))
    services.look_at_clocks(now=timezone.now())
    assert set(ClockNotice.objects.values_list("level", "is_told")) == {("over", False)}
    assert not Message.objects.filter(kind__startswith="incident.clock").exists()


def test_another_promise_is_looked_at_at_once(promised):
    start = timezone.now()
    incident = reported(now=start)
    services.look_at_clocks(now=start + MINUTE)
    assert ClockLook.objects.get(incident=incident).at > start + MINUTE
    target = ClockTarget.objects.get(severity=3, until=None)
    services.change_promise(target_id=target.pk, acknowledge_within=MINUTE, by=BY)
    services.look_at_clocks(now=start + 2 * MINUTE)
    assert ClockNotice.objects.filter(kind="acknowledge", level="over").exists()


def test_what_came_in_by_no_service_is_found(promised):
    incident = reported()
    ClockLook.objects.all().delete()
    assert looking.look_at_forgotten(now=timezone.now()) == 1
    assert looking.look_at_forgotten(now=timezone.now()) == 0
    assert ClockLook.objects.get().incident_id == incident.pk


def test_a_new_installation_promises_something_for_every_severity(always):
    for _again in range(2):
        services.begin_promises(working=always, always=always, by=BY)
    assert sorted(ClockTarget.objects.values_list("severity", flat=True)) == [1, 2, 3, 4]


@pytest.fixture
def desk():
    client = Client()
    client.force_login(person(Role.RESPONDER))
    return client


def test_the_page_shows_each_clock_and_how_it_was_counted(promised, desk):
    worker, incident = responder(), reported(now=timezone.now() - 16 * MINUTE)
    services.acknowledge(incident_id=incident.pk, by=worker)
    page = desk.get(incident.get_absolute_url()).content.decode()
    for words in ("Next update", "Due soon", "data-until", "data-clock", "of 1", "How these times are"):
        assert words in page
    fragment = desk.get(f"{incident.get_absolute_url()}clocks/").content.decode()
    assert "Next update" in fragment
    assert "<html" not in fragment


@pytest.mark.parametrize("minutes", [0, 16, 60 * 24 * 40])
def test_every_face_can_be_drawn(promised, desk, minutes):
    worker, start = responder(language="zh-hans"), timezone.now() - minutes * MINUTE
    held, over, deadline, fresh = (reported(now=start) for _number in range(4))
    for each in (held, over, deadline):
        services.acknowledge(incident_id=each.pk, by=worker, now=start + MINUTE)
    services.hold(
        incident_id=held.pk, by=worker, hold_reason="vendor", reason="Provider", resume_at=timezone.now() + HOUR
    )
    services.resolve(incident_id=over.pk, by=worker)
    services.set_deadline(incident_id=deadline.pk, by=worker, due_at=timezone.now() + HOUR, reason="Month-end")
    for each in (held, over, deadline, fresh):
        assert desk.get(f"{each.get_absolute_url()}clocks/").status_code == 200
    assert desk.get("/incidents/?state=all").status_code == 200


def test_the_list_says_what_is_due_in_as_many_queries_for_many(promised, desk, django_assert_max_num_queries):
    reported()
    page = desk.get("/incidents/").content.decode()
    assert "Acknowledge <time" in page
    with django_assert_max_num_queries(40) as one:
        desk.get("/incidents/")
    for _number in range(5):
        reported()
    with django_assert_max_num_queries(len(one)):
        desk.get("/incidents/")


def test_a_deadline_is_set_and_lifted_on_a_page(promised, desk):
    incident = reported()
    page = f"{incident.get_absolute_url()}deadline/"
    assert "Has to be resolved by" in desk.get(page).content.decode()
    due = timezone.localtime(timezone.now() + 5 * HOUR).strftime("%Y-%m-%dT%H:%M")
    desk.post(page, {"due_at": due, "reason": "Month-end", "version": incident.version})
    assert Deadline.objects.get(incident=incident).reason == "Month-end"
    incident.refresh_from_db()
    desk.post(page, {"due_at": "", "reason": "Moved", "version": incident.version})
    assert not Deadline.objects.exists()


def test_a_program_reads_clocks_whose_segments_sum_to_the_figure(promised, desk):
    incident = reported(now=timezone.now() - 30 * MINUTE)
    found = desk.get(f"/api/v1/incidents/{incident.reference}/clocks/").json()
    assert [(each["kind"], each["state"]) for each in found] == [
        ("acknowledge", "breached"),
        ("update", "breached"),
        ("resolve", "running"),
    ]
    for each in found:
        assert sum(segment["counted_seconds"] for segment in each["segments"]) == pytest.approx(each["counted_seconds"])


def test_rows_of_the_api_say_what_is_due_in_as_many_queries_for_many(promised, desk, django_assert_max_num_queries):
    first = reported()
    row = desk.get("/api/v1/incidents/").json()["results"][0]
    assert [(each["kind"], each["state"], each["begins_at"]) for each in row["clocks"]] == [
        (kind, "running", None) for kind in ("acknowledge", "update", "resolve")
    ]
    alone = desk.get(f"/api/v1/incidents/{first.reference}/")
    assert alone.json()["clocks"] == row["clocks"]
    assert (
        desk.get(f"/api/v1/incidents/{first.reference}/", headers={"If-None-Match": alone["ETag"]}).status_code == 304
    )
    with django_assert_max_num_queries(20) as one:
        desk.get("/api/v1/incidents/")
    for _number in range(3):
        reported()
    with django_assert_max_num_queries(len(one)):
        assert len(desk.get("/api/v1/incidents/").json()["results"]) == 4


def test_what_was_reported_at_night_has_not_begun_and_says_when_it_does(desk, time_machine):
    office = add_calendar(name="Office", hours=dict.fromkeys(range(5), (Window(time(9), time(18)),)), by=BY)
    services.promise(severity=3, calendar=office, acknowledge_within=HOUR, resolve_within=4 * HOUR, by=BY)
    saturday = datetime(2026, 3, 7, 22, tzinfo=UTC)
    ClockTarget.objects.update(since=saturday)
    time_machine.move_to(saturday + HOUR, tick=False)
    incident = reported(now=saturday)
    page = desk.get(f"{incident.get_absolute_url()}clocks/").content.decode()
    assert ">0:00" not in page
    assert page.count("Not begun") == 2
    assert '<span class="clock-face">4' in page
    assert "Counts from 9 March, 09:00 on" in page
    row = desk.get(f"/api/v1/incidents/{incident.reference}/").json()
    assert {each["begins_at"] for each in row["clocks"]} == {"2026-03-09T09:00:00Z"}
    time_machine.move_to(datetime(2026, 3, 9, 9, 0, tzinfo=UTC), tick=False)
    assert "Not begun" not in desk.get(f"{incident.get_absolute_url()}clocks/").content.decode()


def test_clocks_are_not_there_for_who_only_reported_it(promised):
    reporter, client = person(Role.REPORTER), Client()
    client.force_login(reporter)
    incident = reported(by=reporter)
    assert client.get(f"/api/v1/incidents/{incident.reference}/").json()["clocks"] == []
    assert client.get(f"/api/v1/incidents/{incident.reference}/clocks/").status_code == 404
    assert client.get(f"{incident.get_absolute_url()}clocks/").status_code == 404


def test_a_program_promises_and_sets_deadlines(promised):
    client = Client()
    client.force_login(person(Role.ADMINISTRATOR))
    calendar = ClockTarget.objects.first().calendar
    body = {"severity": 2, "calendar": str(calendar.pk), "resolve_within": "08:00:00"}
    made = client.post("/api/v1/time-limits/", body, content_type="application/json")
    assert made.status_code == 201
    again = client.post("/api/v1/time-limits/", body, content_type="application/json")
    assert again.status_code == 400
    nothing = {**body, "severity": 4, "resolve_within": "-01:00:00"}
    assert client.post("/api/v1/time-limits/", nothing, content_type="application/json").status_code == 400
    incident = reported()
    page = f"/api/v1/incidents/{incident.reference}/deadline/"
    due = (timezone.now() + HOUR).isoformat()
    assert client.post(page, {"due_at": due, "reason": "x"}, content_type="application/json").status_code == 200
    assert client.post(page, {"due_at": None, "reason": "x"}, content_type="application/json").status_code == 200
    late = {"due_at": "2001-01-01T00:00:00Z", "reason": "x"}
    assert client.post(page, late, content_type="application/json").status_code == 400


def test_an_administrator_promises_and_changes_what_is_promised(promised):
    client = Client()
    client.force_login(staff(Role.ADMINISTRATOR))
    calendar = ClockTarget.objects.first().calendar
    new = {"severity": "2", "calendar": str(calendar.pk), "resolve_within": "1 d 4 h"}
    assert client.post(reverse("admin:incidents_clocktarget_add"), new).status_code == 302
    target = ClockTarget.objects.get(severity=2)
    assert target.resolve_within == timedelta(hours=28)
    page = reverse("admin:incidents_clocktarget_change", args=[target.pk])
    changed = {"calendar": str(calendar.pk), "resolve_within": "8 h", "seen_version": "1"}
    assert client.post(page, changed).status_code == 302
    target.refresh_from_db()
    assert (target.resolve_within, target.version) == (timedelta(hours=8), 2)
    assert ClockTarget.objects.filter(severity=2).count() == 2
    refused = client.post(page, {**changed, "resolve_within": "", "seen_version": "2"})
    assert "Give one time at least." in refused.content.decode()


def test_a_calendar_that_counts_otherwise_is_looked_at_at_once(promised):
    incident = reported()
    ClockLook.objects.update(at=timezone.now() + HOUR)
    change_calendar(calendar_id=ClockTarget.objects.first().calendar_id, hours={0: [WHOLE_DAY]}, by=BY)
    assert ClockLook.objects.get(incident=incident).at <= timezone.now()


def test_how_long_clocks_wait_to_be_looked_at_is_measured(promised):
    reported(now=timezone.now())
    ClockLook.objects.update(at=timezone.now() - HOUR)
    figures = {family.name: family.samples[0].value for family in of_incidents()}
    assert figures["holdfast_clock_looks_late_seconds"] == pytest.approx(3600, abs=60)
