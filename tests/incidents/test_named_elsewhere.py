"""Where other rooms name an incident, they name it only to those who may open it."""

import pytest
from django.test import Client

from actions.links import Source
from actions.models import Action
from incidents import services
from incidents.models import Incident
from incidents.selectors.page import key_of
from notify.models import Message
from people.choices import Role
from tests.actions.factories import opened
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def decided(incident: Incident) -> Action:
    source = Source("incident", incident.reference, incident.get_absolute_url(), "Invoices", key_of(incident))
    return opened(responder(), source=source)


def shown(client: Client, action: Action) -> list[str]:
    own = f"/actions/{action.reference}/"
    pages = [client.get(path).text for path in ("/actions/", own, "/api/v1/actions/", f"/api/v1{own}")]
    assert all(action.title in page for page in pages)
    return pages


def test_an_action_names_its_incident_to_those_who_may_open_it_alone():
    incident = reported()
    action = decided(incident)
    assert all(incident.reference in page for page in shown(signed_in(responder()), action))
    assert not [page for page in shown(signed_in(person(Role.REVIEWER)), action) if incident.reference in page]


def test_what_was_told_stays_told_and_leads_nowhere_once_the_incident_is_restricted():
    reader = responder()
    incident = reported(description="Ana lost her badge")
    client, page = signed_in(reader), incident.get_absolute_url()
    message = Message.objects.get(to=reader)
    assert "Ana lost her badge" in client.get("/messages/").text
    assert client.post(f"/messages/{message.pk}/open/").url == page
    assert page in client.get("/search/", {"q": "badge"}).text

    services.describe(incident_id=incident.pk, by=responder(), changes={"is_restricted": True})

    assert client.get(page).status_code == 404
    assert "Ana lost her badge" in client.get("/messages/").text
    assert client.post(f"/messages/{message.pk}/open/").url == "/messages/"
    assert client.get(f"/api/v1/messages/{message.pk}/").json()["url"] == ""
    assert {each["url"] for each in client.get("/api/v1/messages/").json()["results"]} == {""}
    assert page not in client.get("/search/", {"q": "badge"}).text
