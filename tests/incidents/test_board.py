"""The board: columns by state, moves as they are allowed, a number of queries that does not grow."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents import services
from incidents.choices import NEXT, State
from incidents.models import Incident
from incidents.selectors import Wanted, board_of
from people.choices import Role
from tests.catalog.factories import ServiceFactory, SystemFactory
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def columns(user, **wanted):
    return {column.state: column for column in board_of(user, Wanted(**wanted), timezone.now())}


def test_what_is_live_stands_in_its_column_the_worst_first_and_what_was_resolved_today_in_the_last():
    by = responder()
    mild, bad = reported(badness="noticed"), reported(badness="stopped")
    active = services.acknowledge(incident_id=reported().pk, by=by)
    over = services.resolve(incident_id=services.acknowledge(incident_id=reported().pk, by=by).pk, by=by)
    long_over = services.resolve(incident_id=services.acknowledge(incident_id=reported().pk, by=by).pk, by=by)
    Incident.objects.filter(pk=long_over.pk).update(resolved_at="2026-01-01T00:00Z")
    found = {state: column.incidents for state, column in columns(by).items()}
    assert found == {
        State.TRIAGE: [bad, mild],
        State.ACTIVE: [active],
        State.ON_HOLD: [],
        State.MITIGATED: [],
        State.RESOLVED: [over],
    }


def test_a_long_column_ends_and_says_how_many_more_there_are(monkeypatch):
    monkeypatch.setattr("incidents.selectors.board.PER_COLUMN", 1)
    for _each in range(3):
        reported()
    assert (len(columns(responder())[State.TRIAGE].incidents), columns(responder())[State.TRIAGE].more) == (1, 2)
    assert "2 more" in client_of(responder()).get("/incidents/board/").text


def test_the_board_takes_the_filters_of_the_list():
    service = ServiceFactory()
    reported(description="Printer"), reported(services=[service])
    by = responder()
    assert columns(by, service=str(service.pk))[State.TRIAGE].count == 1
    assert columns(by, search="printer")[State.TRIAGE].count == 1
    assert columns(by, severities=(1,))[State.TRIAGE].count == 0


def test_a_card_may_go_only_where_the_moves_allow_it():
    by = responder()
    reported()
    services.acknowledge(incident_id=reported().pk, by=by)
    page = client_of(by).get("/incidents/board/").text
    can = re.findall(r'data-can="([^"]*)"', page)
    assert can == ["active=acknowledge!", "mitigated=mitigate! resolved=resolve on_hold=hold"]
    for each, state in zip(can, (State.TRIAGE, State.ACTIVE), strict=True):
        assert {pair.partition("=")[0] for pair in each.split()} <= set(NEXT[state])


def test_htmx_gets_the_columns_alone_and_a_move_leads_back_to_them():
    client, incident = client_of(responder()), reported()
    part = client.get("/incidents/board/", headers=HTMX)
    assert "<html" not in part.text
    assert "HX-Request" in part["Vary"]
    back = "/incidents/board/?severity=3"
    sent = {"version": incident.version, "back": back}
    answer = client.post(f"{incident.get_absolute_url()}acknowledge/", sent, headers=HTMX)
    assert (answer.status_code, answer.url) == (302, back)


@pytest.mark.parametrize("back", ["https://example.org/incidents/", "//example.org", "/admin/", "/incidents/x", "\\"])
def test_a_move_leads_back_to_lists_of_ours_only(back):
    incident = reported()
    answer = client_of(responder()).post(
        f"{incident.get_absolute_url()}acknowledge/", {"version": incident.version, "back": back}
    )
    assert answer.url == incident.get_absolute_url()


def test_the_moves_of_a_card_are_buttons_without_a_script_too():
    client, incident = client_of(responder()), reported()
    page = client.get(f"{incident.get_absolute_url()}moves/?back=/incidents/board/")
    assert page.text.count('name="back" value="/incidents/board/"') >= 1
    assert "<html" in page.text
    assert "<html" not in client.get(f"{incident.get_absolute_url()}moves/", headers=HTMX).text


def test_who_only_reads_sees_the_board_and_moves_nothing():
    incident, client = reported(), client_of(person(Role.AUDITOR))
    page = client.get("/incidents/board/").text
    assert incident.reference in page
    assert "board.js" not in page
    assert client.get(f"{incident.get_absolute_url()}moves/").status_code == 404


def test_the_board_asks_the_database_the_same_number_of_times_however_many_there_are(django_assert_num_queries):
    by = responder()
    things = [ServiceFactory(), ServiceFactory()], [SystemFactory()]
    client = client_of(by)

    def add(count: int) -> None:
        for number in range(count):
            incident = reported(services=things[0][: number % 3], systems=things[1])
            if number % 2:
                services.acknowledge(incident_id=incident.pk, by=by)

    add(3)
    client.get("/incidents/board/")
    with CaptureQueriesContext(connection) as few:
        client.get("/incidents/board/")
    add(6)
    with django_assert_num_queries(len(few)):
        client.get("/incidents/board/")
    assert len(few) <= MOST_QUERIES


#: Who asks, the shell, counts, a query a column, what is affected, clocks, and what the filters offer.
MOST_QUERIES = 26
