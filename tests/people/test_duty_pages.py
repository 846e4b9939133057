"""Pages of rosters, one's own duty, and what calendars read."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people import services
from people.choices import Role
from people.models import DutyFeed, Override
from people.selectors import work_of
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def ana():
    return signed_in(Role.RESPONDER, name="Ana", email="ana@example.org")


def roster(*people, name="First line", **more):
    made = services.add_roster(name=name, time_zone="Europe/Berlin", by="system:tests")
    given = {"name": "Weeks", "starts_on": date(2026, 6, 1), "hand_over_at": time(9)} | more
    services.add_rotation(roster_id=made.pk, people=people, by="system:tests", **given)
    return made


def text(answer) -> str:
    return answer.content.decode()


def test_the_page_says_who_is_on_duty_and_where_nobody_is(ana, settings):
    settings.EMAIL_CONFIGURED = True
    mute = person(Role.RESPONDER, name="Mute")
    found = roster(ana.person, mute, ends_on=date(2026, 6, 15))

    page = text(ana.get(found.get_absolute_url()))

    assert "On duty now:" in page
    assert "Ana until" in page
    assert "Nobody has the duty" in page
    assert "no way of contact works" in page
    assert "Never proven to be reached" in page


def test_reporters_read_names_and_not_how_others_are_reached(ana):
    found = roster(person(Role.RESPONDER, name="Mute"))
    browser = signed_in(Role.REPORTER)

    page = text(browser.get(found.get_absolute_url()))

    assert "Mute" in page
    assert "no way of contact works" not in page
    assert "Never proven" not in page
    assert "Somebody else takes it" not in page


def test_the_list_asks_the_database_as_often_for_many_rosters_as_for_few(ana, django_assert_max_num_queries):
    for number in range(6):
        roster(ana.person, name=f"Line {number}")
    ana.get("/rosters/")
    with django_assert_max_num_queries(22):
        assert "Line 5" in text(ana.get("/rosters/"))


def test_who_is_in_the_roster_gives_a_turn_away_and_takes_it_back(ana):
    bo = person(Role.RESPONDER, name="Bo")
    found = roster(ana.person)
    form = {"person": str(bo.pk), "starts_at": "2026-06-04T09:00", "ends_at": "2026-06-05T09:00", "reason": "Dentist"}

    answer = ana.post(f"{found.get_absolute_url()}overrides/add/", form, follow=True)
    assert "Dentist" in text(answer)

    override = Override.objects.get()
    ana.post(f"{found.get_absolute_url()}overrides/{override.pk}/remove/")
    override.refresh_from_db()
    assert override.removed_at == NOW


def test_what_was_typed_is_kept_where_it_is_refused(ana):
    found = roster(ana.person)
    form = {"person": str(ana.person.pk), "starts_at": "2026-06-05T09:00", "ends_at": "2026-06-04T09:00", "reason": "x"}

    answer = ana.post(f"{found.get_absolute_url()}overrides/add/", form)

    assert answer.status_code == 400
    assert "This time is not possible" in text(answer)
    assert "2026-06-05T09:00" in text(answer)


@pytest.mark.parametrize("query", ["?since=nonsense", "?since=9999-99-99", "?since=2026-06-04T09:00:00Z"])
def test_whatever_stands_in_the_address_the_form_opens(query, ana):
    found = roster(ana.person)
    assert ana.get(f"{found.get_absolute_url()}overrides/add/{query}").status_code == 200


def test_ones_own_duty_stands_in_my_work(ana):
    found = roster(ana.person)
    [item] = work_of(ana.person, NOW)

    assert (item.kind, item.about, item.url) == ("people.on_duty", "First line", found.get_absolute_url())
    assert "until" in str(item.state_word)


def test_who_stands_in_is_on_duty_and_whom_they_act_for_is_not(ana):
    bo = person(Role.RESPONDER, name="Bo")
    roster(ana.person)
    services.plan_absence(
        person=ana.person, substitute=bo, starts_at=NOW, ends_at=NOW + timedelta(days=1), by=ana.person
    )

    assert work_of(ana.person, NOW) == []
    assert [item.acting_for for item in work_of(bo, NOW)] == ["Ana"]


def calendar_at(address: str):
    return Client().get(address)


def feed_of(who, roster=None) -> str:
    return f"/calendar/{services.make_feed(person=who, roster=roster).token}.ics"


def test_a_calendar_reads_ones_own_turns_without_a_sign_in(ana):
    roster(ana.person, person(Role.RESPONDER, name="Bo"))

    answer = calendar_at(feed_of(ana.person))
    lines = text(answer).split("\r\n")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART:20260601T070000Z" in lines
    assert "SUMMARY:On duty: First line" in lines
    assert "Bo" not in text(answer)
    assert DutyFeed.objects.get().last_read_at == NOW


def test_a_calendar_of_a_roster_names_people_and_gaps_and_nothing_else_of_them(ana):
    found = roster(ana.person, ends_on=date(2026, 6, 15))

    answer = text(calendar_at(feed_of(ana.person, found)))

    assert "SUMMARY:First line: Ana" in answer
    assert "SUMMARY:Nobody is on duty: First line" in answer
    assert "ana@example.org" not in answer


def test_names_cannot_forge_lines_of_a_calendar():
    evil = person(Role.RESPONDER, name="Eve; BEGIN:VEVENT, \\n" + "很长的名字" * 19)
    found = roster(evil, name="A, B; C\\")

    answer = calendar_at(feed_of(evil, found)).content

    lines = answer.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT")
    unfolded = answer.replace(b"\r\n ", b"").decode()
    assert "A\\, B\\; C\\\\: Eve\\; BEGIN:VEVENT\\, \\\\n很长" in unfolded


def test_a_revoked_address_shows_nothing(ana):
    new = services.make_feed(person=ana.person)
    ana.post(f"/duty/feeds/{new.row.pk}/revoke/")

    assert calendar_at(f"/calendar/{new.token}.ics").status_code == 404


def test_the_address_of_somebody_who_left_shows_nothing(ana):
    found = roster(ana.person)
    address = feed_of(ana.person, found)
    services.deactivate(person_id=ana.person.pk, by="system:tests")

    assert calendar_at(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "%0A", "é" * 300])
def test_an_address_that_nobody_made_shows_nothing(token):
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_a_new_address_is_shown_once_and_never_from_a_cache(ana):
    found = roster(ana.person)
    answer = ana.post("/duty/feeds/", {"roster": str(found.pk)})

    assert "/calendar/" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "/calendar/" not in text(ana.get("/duty/"))


def test_a_policy_is_read_by_those_who_work(ana):
    found = roster(ana.person)
    policy = services.add_policy(
        name="Payments",
        steps=[{"whom": "roster", "roster": found}, {"whom": "service_owner", "after": timedelta(minutes=15)}],
        by="system:tests",
    )

    page = text(ana.get(policy.get_absolute_url()))

    assert "First line" in page
    assert "15" in page
    assert signed_in(Role.REPORTER).get(policy.get_absolute_url()).status_code == 404
    assert timezone.now() == NOW


@pytest.fixture
def kept(ana):
    """A roster that an administrator keeps: (browser, roster, its rotation, two people)."""
    bo = person(Role.RESPONDER, name="Bo")
    found = roster(ana.person, bo)
    return signed_in(Role.ADMINISTRATOR), found, found.rotations.get(), [ana.person, bo]


def rotation_form(people, **more):
    given = {"name": "Nights", "length": "1", "period": "days", "starts_on": "2026-06-01", "hand_over_at": "18:00"}
    days = {"weekdays": ["0", "1", "2", "3", "4", "5", "6"], "position": "1"}
    return {"people": [str(each.pk) for each in people], **given, **days, **more}


def turns_of(rotation):
    return [each.person.name for each in rotation.participants.order_by("position")]


def test_people_of_a_rotation_are_chosen_and_put_into_order_without_a_script(kept):
    browser, found, rotation, (ana, bo) = kept
    page = f"{found.get_absolute_url()}rotations/{rotation.pk}/"
    cy = person(Role.MANAGER, name="Cy")
    assert f'value="{cy.pk}">Cy' in text(browser.get(page))

    shown = [
        text(browser.post(page, rotation_form([ana, bo], do=do, more=str(cy.pk))))
        for do in ("add", "up-1", "down-0", "drop-0", "up-0", "down-1", "down-99", "up--1", "nonsense")
    ]
    order = [[each for each in ("1. Ana", "1. Bo", "2. Ana", "2. Bo", "3. Cy") if each in one] for one in shown]
    swapped, same = ["1. Bo", "2. Ana"], ["1. Ana", "2. Bo"]
    assert order == [[*same, "3. Cy"], swapped, swapped, ["1. Bo"], same, same, same, same, same]
    assert 'value="Nights"' in shown[0]
    assert turns_of(rotation) == ["Ana", "Bo"]

    given = rotation_form([bo, ana, bo], version=rotation.version, more=str(cy.pk))
    assert browser.post(page, given)["Location"] == found.get_absolute_url()
    assert turns_of(rotation) == ["Bo", "Ana", "Bo", "Cy"]
    late = browser.post(page, given)
    assert late.status_code == 412
    assert "2. Ana" in text(late)


def test_a_rotation_is_added_and_removed_on_the_page_of_its_roster(kept):
    browser, found, rotation, (ana, _bo) = kept
    page = f"{found.get_absolute_url()}rotations/add/"
    assert "Nobody yet" in text(browser.get(page))
    browser.post(page, rotation_form([ana], position="2", from_time="22:00", until_time="06:00"))
    assert set(found.rotations.values_list("name", flat=True)) == {"Weeks", "Nights"}
    browser.post(f"{found.get_absolute_url()}rotations/{rotation.pk}/remove/")
    assert found.rotations.get().name == "Nights"


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": []},
        {"people": ["nobody"]},
        {"people": ["3f6c1e9a-1111-4222-8333-444455556666"]},
        {"weekdays": []},
        {"length": "367"},
        {"from_time": "22:00"},
        {"starts_on": "9999-12-31"},
        {"name": "x" * 121},
    ],
)
def test_a_rotation_that_cannot_be_is_refused_with_what_was_typed(wrong, kept):
    browser, found, rotation, people = kept
    answer = browser.post(f"{found.get_absolute_url()}rotations/add/", rotation_form(people) | wrong)
    assert 400 <= answer.status_code < 500
    assert "Please look at this again." in text(answer)
    assert found.rotations.get() == rotation


def test_who_does_not_work_here_is_not_chosen_and_who_is_in_it_already_stays(kept):
    browser, found, rotation, (ana, bo) = kept
    services.set_roles(person_id=bo.pk, roles=[Role.REPORTER], by="system:tests")
    page, robin = f"{found.get_absolute_url()}rotations/{rotation.pk}/", person(Role.REPORTER, name="Robin")
    refused = browser.post(page, rotation_form([robin], version=rotation.version))
    assert "Choose people who work here." in text(refused)
    browser.post(page, rotation_form([bo, ana], version=rotation.version))
    assert turns_of(rotation) == ["Bo", "Ana"]


def test_what_goes_on_has_no_made_up_end_and_a_call_that_nobody_would_hear_is_said_to_be_so(ana, settings):
    settings.EMAIL_CONFIGURED = True
    mute = person(Role.RESPONDER, name="Mute")
    alone, over = roster(ana.person), roster(mute, name="Second line", ends_on=date(2026, 6, 8))

    page = text(ana.get(alone.get_absolute_url()))
    assert "Ana until" not in page
    assert "from Wednesday 3 June, 12:00 on" in page

    page = text(ana.get(over.get_absolute_url()))
    assert "Nobody would hear a call: no way of contact works." in page
    assert "from Monday 8 June, 07:00 on." in page

    shown = text(ana.get("/rosters/"))
    assert "Nobody would hear a call" in shown
    assert "nobody from Monday 8 June, 07:00 on" in shown
