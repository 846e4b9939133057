"""Gaps are told to the manager of the roster ahead, hand-overs to both people, each once."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from notify.models import Message, Reminder
from notify.services import foresee_gaps, tell_hand_overs
from people import services
from people.choices import Role
from tests.support.people import person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 3, 9, tzinfo=UTC)


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def roster(*people, **more):
    boss = person(Role.MANAGER, name="Boss")
    hand = more.pop("tells_hand_over", False)
    made = services.add_roster(
        name="First line", time_zone="UTC", manager=boss, tells_hand_over=hand, by="system:tests"
    )
    given = {"name": "Days", "period": "days", "starts_on": date(2026, 6, 1), "hand_over_at": time(9)} | more
    services.add_rotation(roster_id=made.pk, people=people, by="system:tests", **given)
    return made


def test_the_next_gap_is_told_to_the_manager_ahead(clock):
    found = roster(person(Role.RESPONDER), ends_on=date(2026, 6, 10))

    assert foresee_gaps(now=NOW)
    assert not foresee_gaps(now=NOW)

    [reminder] = Reminder.objects.filter(kind="people.roster_gap")
    assert (reminder.to.name, reminder.due_at) == ("Boss", datetime(2026, 6, 10, 9, tzinfo=UTC))
    assert reminder.subject_id == str(found.pk)


def test_a_gap_that_was_filled_is_not_told(clock):
    found = roster(person(Role.RESPONDER), ends_on=date(2026, 6, 10))
    foresee_gaps(now=NOW)
    services.change_rotation(rotation_id=found.rotations.get().pk, ends_on=None, by="system:tests")

    foresee_gaps(now=NOW + timedelta(hours=2))

    assert Reminder.objects.get().cancelled_at is not None


def test_a_gap_that_goes_on_is_told_once_a_day(clock):
    roster(person(Role.RESPONDER), ends_on=date(2026, 6, 2))
    foresee_gaps(now=NOW)
    first = Reminder.objects.get().due_at
    foresee_gaps(now=NOW + timedelta(hours=2))

    assert Reminder.objects.get().due_at == first == datetime(2026, 6, 3, tzinfo=UTC)


def test_both_hear_of_the_hand_over_once(clock):
    roster(person(Role.RESPONDER, name="Ana"), person(Role.RESPONDER, name="Bo"), tells_hand_over=True)
    assert tell_hand_overs(now=NOW - timedelta(minutes=2)) == 0

    assert tell_hand_overs(now=NOW + timedelta(minutes=1)) == 1
    assert tell_hand_overs(now=NOW + timedelta(minutes=3)) == 0
    told = Message.objects.filter(kind="people.hand_over")
    assert {message.to.name for message in told} == {"Ana", "Bo"}


def test_hand_overs_of_a_time_in_which_nothing_ran_are_not_told(clock):
    roster(person(Role.RESPONDER, name="Ana"), person(Role.RESPONDER, name="Bo"), tells_hand_over=True)
    tell_hand_overs(now=NOW - timedelta(days=4))

    assert tell_hand_overs(now=NOW + timedelta(hours=8)) == 0
