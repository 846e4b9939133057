"""Rosters in the database: who is on duty, who stands in, overrides, what is refused, who may change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from ledger.models import Entry
from people import services
from people.choices import Role
from people.duty import Why
from people.errors import CannotBeOnDuty, NotAPerson, RosterInUse, TooManyFeeds, WrongDuty
from people.models import Override
from people.selectors import can_be_called, duties_of, may_change_duty, next_gap, on_duty, reach_of, visible_rosters
from tests.support.people import person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)


@pytest.fixture
def ana():
    return person(Role.RESPONDER, name="Ana", email="ana@example.org")


@pytest.fixture
def bo():
    return person(Role.RESPONDER, name="Bo")


def roster(*people, **more):
    made = services.add_roster(name=more.pop("name", "First line"), time_zone="Europe/Berlin", by="system:tests")
    if people:
        given = {"name": "Weeks", "starts_on": date(2026, 6, 1), "hand_over_at": time(9)} | more
        services.add_rotation(roster_id=made.pk, people=people, by="system:tests", **given)
    return made


def test_whose_turn_it_is_has_the_duty(ana, bo):
    found = on_duty(roster(ana, bo), NOW)

    assert (found.person, found.why, found.name, found.instead_of) == (ana, Why.ROTATION, "Weeks", None)
    assert found.until == datetime(2026, 6, 8, 7, tzinfo=UTC)


def test_who_acts_for_the_absent_stands_in(ana, bo, time_machine):
    time_machine.move_to(NOW, tick=False)
    services.plan_absence(person=ana, substitute=bo, starts_at=NOW, ends_at=NOW + timedelta(days=1), by=ana)

    found = on_duty(roster(ana), NOW)

    assert (found.person, found.instead_of, found.is_there) == (bo, ana, True)


def test_an_absent_person_without_a_substitute_is_not_there(ana, time_machine):
    time_machine.move_to(NOW, tick=False)
    services.plan_absence(person=ana, starts_at=NOW, ends_at=NOW + timedelta(days=1), by=ana)

    assert not on_duty(roster(ana), NOW).is_there


def test_an_override_counts_from_now_on_and_the_past_stays(ana, bo, time_machine):
    time_machine.move_to(NOW, tick=False)
    found = roster(ana)
    override = services.add_override(
        roster_id=found.pk, person=bo, starts_at=NOW - timedelta(days=2), ends_at=NOW + timedelta(days=1), by=ana
    )

    assert override.starts_at == NOW
    assert on_duty(found, NOW - timedelta(hours=1)).person == ana
    assert on_duty(found, NOW).person == bo


def test_an_override_taken_back_ends_now_where_it_has_begun(ana, bo, time_machine):
    time_machine.move_to(NOW, tick=False)
    found = roster(ana)
    begun = services.add_override(roster_id=found.pk, person=bo, starts_at=NOW, ends_at=NOW + timedelta(days=1), by=ana)
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)

    services.remove_override(override_id=begun.pk, by=ana)
    services.remove_override(override_id=begun.pk, by=ana)

    assert on_duty(found, NOW + timedelta(hours=1)).person == ana
    assert on_duty(found, NOW).person == bo
    assert Entry.objects.filter(verb="override.removed").count() == 1


@pytest.mark.parametrize("days", [(-2, -1), (1, 1), (2, 1), (0, 400), (500, 501)])
def test_an_override_in_an_impossible_time_is_refused(days, ana):
    now = timezone.now()
    begins, ends = (now + timedelta(days=day) for day in days)
    with pytest.raises(WrongDuty):
        services.add_override(roster_id=roster(ana).pk, person=ana, starts_at=begins, ends_at=ends, by=ana)
    assert not Override.objects.exists()


def test_the_database_refuses_an_override_that_ends_before_it_starts(ana):
    with pytest.raises(IntegrityError, match="override_ends_after_it_starts"):
        Override.objects.create(roster=roster(ana), person=ana, starts_at=NOW, ends_at=NOW)


def test_whoever_could_not_take_over_is_not_put_on_duty(ana):
    reporter, gone = person(Role.REPORTER), person(Role.RESPONDER)
    services.deactivate(person_id=gone.pk, by="system:tests")
    with pytest.raises(CannotBeOnDuty):
        roster(ana, reporter)
    gone.refresh_from_db()
    with pytest.raises(NotAPerson):
        roster(gone, name="Second line")


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [7]}, "weekdays"),
        ({"weekdays": "x"}, "weekdays"),
        ({"length": 0}, "__all__"),
        ({"from_time": time(8)}, "__all__"),
        ({"from_time": time(8), "until_time": time(8)}, "until_time"),
        ({"ends_on": date(2026, 6, 1)}, "__all__"),
        ({"starts_on": date(9999, 1, 1)}, "starts_on"),
        ({"period": "moons"}, "period"),
        ({"name": "two\nlines"}, "name"),
    ],
)
def test_an_impossible_rotation_is_refused(details, field, ana):
    with pytest.raises(WrongDuty) as refusal:
        roster(ana, **{"starts_on": date(2026, 6, 1)} | details)
    assert field in refusal.value.fields


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../../etc/passwd"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(WrongDuty) as refusal:
        services.add_roster(name="First line", time_zone=zone, by="system:tests")
    assert "time_zone" in refusal.value.fields


def test_a_rotation_keeps_its_people_when_only_the_hour_changes(ana, bo):
    found = roster(ana, bo)
    rotation = found.rotations.get()

    services.change_rotation(rotation_id=rotation.pk, hand_over_at=time(11), by="system:tests")
    assert [each.person for each in rotation.participants.all()] == [ana, bo]

    services.change_rotation(rotation_id=rotation.pk, people=[bo], by="system:tests")
    assert on_duty(found, NOW).person == bo

    services.remove_rotation(rotation_id=rotation.pk, by="system:tests")
    assert on_duty(found, NOW) is None


def test_a_roster_that_a_policy_calls_stays_in_use(ana):
    found = roster(ana)
    policy = services.add_policy(name="P", steps=[{"whom": "roster", "roster": found}], by="system:tests")
    with pytest.raises(RosterInUse, match="P"):
        services.retire_roster(roster_id=found.pk, by="system:tests")

    services.retire_policy(policy_id=policy.pk, by="system:tests")
    assert not services.retire_roster(roster_id=found.pk, by="system:tests").is_active


def test_the_next_gap_is_found(ana):
    found = roster(ana, ends_on=date(2026, 6, 8))

    assert next_gap(found, NOW).since == datetime(2026, 6, 8, 7, tzinfo=UTC)


def test_everybody_finds_their_own_duties(ana, bo):
    found = roster(ana, bo)

    own = duties_of(bo, NOW, NOW + timedelta(days=14))

    assert [(each, shift.since) for each, shift in own] == [(found, datetime(2026, 6, 8, 7, tzinfo=UTC))]


def test_those_concerned_and_managers_agree_otherwise(ana, bo):
    found = roster(ana)
    may = {each.name: may_change_duty(each, found) for each in (ana, bo, person(Role.MANAGER, name="Mo"))}

    assert may == {"Ana": True, "Bo": False, "Mo": True}
    assert not may_change_duty(person(Role.AUDITOR), found)


def test_reviewers_know_no_duties(ana):
    found = roster(ana)

    assert list(visible_rosters(person(Role.REPORTER))) == [found]
    assert not visible_rosters(person(Role.REVIEWER)).exists()
    assert not visible_rosters(person()).exists()


def test_nothing_can_be_sent_to_who_has_no_address(ana, bo, settings):
    settings.EMAIL_CONFIGURED = True
    assert can_be_called([ana, bo]) == [ana]
    assert not reach_of([ana])[ana.pk].is_proven
    settings.EMAIL_CONFIGURED = False
    assert can_be_called([ana, bo]) == []


def test_feeds_are_few_and_only_of_what_one_may_see(ana):
    for _each in range(10):
        services.make_feed(person=ana)
    with pytest.raises(TooManyFeeds):
        services.make_feed(person=ana)
