"""Incidents, as programs see them."""

import pytest
from rest_framework.test import APIClient

from incidents import services
from incidents.choices import State
from incidents.models import Incident
from people.choices import Role
from tests.catalog.factories import ServiceFactory
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db

ALL = "/api/v1/incidents/"
NOBODYS = "3f6c1e9a-1111-4222-8333-444455556666"


def caller(user) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def one(incident, move=""):
    return f"{ALL}{incident.pk}/{move}"


def test_a_row_holds_what_other_programs_rely_on():
    service = ServiceFactory()
    incident = reported(services=[service])
    row = caller(responder()).get(ALL).json()["results"][0]
    assert (row["reference"], row["title"], row["state"], row["severity"]) == (
        incident.reference,
        "The invoices are gone.",
        "triage",
        3,
    )
    assert (row["cause_key"], row["source"]) == ("", "page")
    assert row["services"] == [{"id": str(service.pk), "name": service.name}]
    assert row["created_at"]
    assert "tracking_token" not in row


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"state": "triage"}, 1),
        ({"state": "active"}, 1),
        ({"state": ["active", "triage"]}, 2),
        ({"severity": 2}, 1),
        ({"cause_key": "x:1"}, 1),
        ({"search": "printer"}, 1),
        ({}, 2),
    ],
)
def test_rows_are_filtered(query, count):
    reported(description="Printer", badness="stopped")
    other = reported()
    services.acknowledge(incident_id=other.pk, by=responder())
    Incident.objects.filter(pk=other.pk).update(cause_key="x:1")
    assert len(caller(responder()).get(ALL, query).json()["results"]) == count


def test_rows_are_filtered_by_service():
    service = ServiceFactory()
    incident, _other = reported(services=[service]), reported()
    found = caller(responder()).get(ALL, {"service": str(service.pk)}).json()["results"]
    assert [row["id"] for row in found] == [str(incident.pk)]


@pytest.mark.parametrize("query", [{"state": "burning"}, {"severity": "x"}, {"service": "1"}, {"page_size": "x"}])
def test_a_filter_that_makes_no_sense_is_never_a_failure_of_ours(query):
    assert caller(responder()).get(ALL, query).status_code in (200, 400)


def test_a_program_reports():
    service = ServiceFactory()
    answer = caller(responder()).post(
        ALL, {"title": "Disk full", "services": [str(service.pk)], "impact": 1, "urgency": 1}, format="json"
    )
    assert answer.status_code == 201
    assert (answer.json()["severity"], answer.json()["source"]) == (1, "api")
    assert answer["ETag"].startswith('"1-')


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": " ", "description": "\n"},
        {"title": "x" * 10_000},
        {"title": "a\0b"},
        {"title": {"a": 1}},
        {"title": "x", "services": [NOBODYS]},
        {"title": "x", "services": "all"},
        {"title": "x", "impact": 9, "urgency": 1},
        {"title": "x", "impact": 1},
        {"title": "x", "occurred_at": "tomorrow"},
        {"title": "x", "state": "closed"},
        [],
        "text",
    ],
)
def test_what_cannot_be_taken_is_400_in_the_one_shape_and_changes_nothing(body):
    answer = caller(responder()).post(ALL, body, format="json")
    assert answer.status_code == 400
    assert {"code", "message", "request_id"} <= answer.json().keys()
    assert not Incident.objects.exists()


def test_reporters_see_their_own_and_nothing_of_others():
    mine, other = reported(by=(reporter := person(Role.REPORTER))), reported()
    client = caller(reporter)
    assert [row["id"] for row in client.get(ALL).json()["results"]] == [str(mine.pk)]
    assert client.get(one(other)).status_code == 404
    assert client.post(one(other, "acknowledge/")).status_code == 404
    assert client.post(one(mine, "acknowledge/")).status_code == 403


def test_reporters_read_the_public_part_of_the_timeline_only():
    incident = reported()
    services.note(incident_id=incident.pk, by=responder(), text="internal")
    assert "internal" not in caller(incident.reporter).get(one(incident, "events/")).content.decode()
    assert "internal" in caller(responder()).get(one(incident, "events/")).content.decode()


def test_an_auditor_reads_and_changes_nothing():
    incident, client = reported(), caller(person(Role.AUDITOR))
    assert client.get(one(incident)).status_code == 200
    assert client.post(one(incident, "acknowledge/")).status_code == 403
    assert client.post(ALL, {"title": "x"}, format="json").status_code == 403
    assert client.patch(one(incident), {"place": "x"}, format="json", HTTP_IF_MATCH='"1"').status_code == 403


def test_nobody_is_401():
    assert APIClient().get(ALL).status_code in (401, 403)


@pytest.mark.parametrize("wrong", ["x", "INC-9999", NOBODYS, "%27", "INC-" + "9" * 18])
def test_what_is_not_there_is_404(wrong):
    assert caller(responder()).get(f"{ALL}{wrong}/").status_code == 404


def test_a_row_is_found_by_the_name_that_people_say():
    incident = reported()
    assert caller(responder()).get(f"{ALL}{incident.reference}/").json()["id"] == str(incident.pk)


def test_a_change_names_the_version_it_saw():
    incident, client = reported(), caller(responder())
    assert client.patch(one(incident), {"place": "Room 5"}, format="json").status_code == 428
    answer = client.patch(one(incident), {"place": "Room 5"}, format="json", HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer["ETag"][:3]) == (200, '"2-')
    stale = client.patch(one(incident), {"place": "Room 6"}, format="json", HTTP_IF_MATCH='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    incident.refresh_from_db()
    assert incident.place == "Room 5"


def test_the_story_of_an_incident_by_program():
    client, incident = caller(by := responder()), reported()
    moves = [
        ("acknowledge/", {}, "active"),
        ("note/", {"text": "Seen"}, "active"),
        ("update/", {"text": "On it", "public_title": "Invoices"}, "active"),
        ("severity/", {"severity": 1, "reason": "all sites"}, "active"),
        ("assign/", {"to": str(by.pk)}, "active"),
        ("hold/", {"hold_reason": "vendor", "reason": "parts", "resume_at": "2100-01-01T00:00:00Z"}, None),
        ("mitigate/", {}, "mitigated"),
        ("resolve/", {"text": "Done"}, "resolved"),
        ("reopen/", {"reason": "again"}, "active"),
        ("severity/", {"severity": 3, "reason": "one site, so nobody has to review it"}, "active"),
        ("resolve/", {}, "resolved"),
        ("close/", {}, "closed"),
    ]
    for name, body, state in moves:
        answer = client.post(one(incident, name), body, format="json")
        assert answer.status_code == (200 if state else 400), (name, answer.json())
        assert state is None or answer.json()["state"] == state


def test_a_move_that_does_not_follow_is_409_in_words():
    answer = caller(responder()).post(one(reported(), "close/"))
    assert (answer.status_code, answer.json()["code"]) == (409, "incident_cannot_move")
    assert "Triage" in answer.json()["message"]


def test_a_move_with_the_version_of_long_ago_is_412():
    incident = reported()
    services.change_severity(incident_id=incident.pk, by=responder(), severity=1, reason="x")
    answer = caller(responder()).post(one(incident, "acknowledge/"), HTTP_IF_MATCH='"1"')
    assert answer.status_code == 412
    incident.refresh_from_db()
    assert incident.state == State.TRIAGE


def test_the_list_asks_the_database_the_same_number_of_times_however_many_there_are(django_assert_max_num_queries):
    client = caller(responder())
    for _each in range(10):
        reported(services=[ServiceFactory()])
    client.get(ALL)  # the first request of a session writes the session down
    with django_assert_max_num_queries(12):
        client.get(ALL)
