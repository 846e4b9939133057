"""A ledger that is not whole is the worst there is, and only a person says that it is over."""

import pytest
from django.db import transaction
from django.urls import reverse

from common.facts import announce
from incidents.choices import EventKind, State
from incidents.models import Incident
from ledger.signals import LEDGER_NOT_WHOLE
from notify.choices import Urgency
from notify.models import Message
from people.choices import Role
from tests.incidents.factories import person, responder

pytestmark = pytest.mark.django_db

FINDING = {
    "problem": "not_ours",
    "seal": None,
    "position": None,
    "entry": 41,
    "verb": "user.loved",
    "subject": "Alice",
}


def found(**more):
    with transaction.atomic():
        announce(LEDGER_NOT_WHOLE, **{**FINDING, **more})


def test_it_opens_one_incident_of_the_highest_severity_and_administrators_are_told_at_once():
    administrator = person(Role.ADMINISTRATOR)
    responder()
    found()
    found()
    incident = Incident.objects.get()
    assert (incident.cause_key, incident.severity, incident.state) == ("ledger", 1, State.TRIAGE)
    assert incident.shown_title == "The ledger is not whole: entry 41"
    message = Message.objects.get()
    assert (message.to, message.urgency) == (administrator, Urgency.URGENT)
    assert "was not written by Holdfast (inserted or changed)" in message.body
    assert "passed again" not in message.body
    assert [event.kind for event in incident.events.all()] == [EventKind.OPENED]


def test_another_entry_stands_on_the_timeline_of_the_same_incident():
    found()
    found(entry=42)
    incident = Incident.objects.get()
    assert incident.shown_title == "The ledger is not whole: entry 41"
    assert incident.events.first().sentence == "Failed again: The ledger is not whole: entry 42"


@pytest.mark.parametrize(
    ("finding", "title"),
    [
        ({"problem": "seal_removed", "seal": 7, "entry": None}, "The ledger is not whole: seal 7"),
        ({"problem": "head_unknown", "entry": None}, "The ledger is not whole"),
    ],
)
def test_what_is_known_is_in_the_title(finding, title):
    found(**finding)
    assert Incident.objects.get().shown_title == title


def test_its_page_says_what_was_found(client):
    found()
    client.force_login(person(Role.ADMINISTRATOR))
    page = client.get(reverse("incident", args=[Incident.objects.get().reference])).content.decode()
    assert "was not written by Holdfast (inserted or changed)" in page
    assert "The run that failed" not in page
