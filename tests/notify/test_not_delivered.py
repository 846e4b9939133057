"""Administrators hear what reached nobody, without a flood and without an echo."""

import pytest

from notify.models import Message
from notify.services import send_due, tell
from people.choices import Role
from tests.support.people import person

pytestmark = pytest.mark.django_db


def given_up(sink, to, times=1):
    """Messages by mail that the server refuses for good."""
    sink.refuses = "550 5.1.1 no such person"
    for _ in range(times):
        tell(kind="test.told", about=to, to=[to])
    while send_due(urgency="normal"):
        pass


def told(admin):
    return Message.objects.filter(to=admin, kind="notify.not_delivered")


def test_an_administrator_hears_that_a_message_reached_nobody(sink, ada):
    admin = person(Role.ADMINISTRATOR)
    given_up(sink, ada)
    assert "Ada Lovelace" in told(admin).get().subject


def test_many_lost_messages_a_day_are_one_message(sink, ada):
    admin = person(Role.ADMINISTRATOR)
    given_up(sink, ada, times=3)
    assert told(admin).count() == 1


def test_an_administrator_whose_own_mail_is_refused_gets_no_endless_echo(sink):
    admin = person(Role.ADMINISTRATOR, email="admin@example.org")
    given_up(sink, admin)
    assert told(admin).count() == 1
