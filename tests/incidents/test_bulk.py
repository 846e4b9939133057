"""One thing done with many incidents: each ends on its own, and the answer says how."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from incidents import services
from incidents.bulk import MOST
from incidents.choices import State
from incidents.models import Incident
from ledger.models import Entry
from people.choices import Role
from tests.incidents.factories import person, reported, responder
from tests.support.people import with_key

pytestmark = pytest.mark.django_db

BULK = "/incidents/bulk/"


def box(incident) -> str:
    return f"{incident.reference}:{incident.version}"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def me():
    return responder()


def states() -> list[str]:
    return list(Incident.objects.order_by("number").values_list("state", flat=True))


def test_each_is_done_by_its_own_service_in_one_request(me):
    two = [reported(), reported()]
    answer = client_of(me).post(BULK, {"do": "acknowledge", "chosen": [box(each) for each in two]})
    assert answer.status_code == 200
    assert states() == [State.ACTIVE, State.ACTIVE]
    entries = Entry.objects.filter(verb="incident.acknowledged")
    assert len(entries) == 2
    assert len(set(entries.values_list("request_id", flat=True))) == 1


def test_what_cannot_be_done_is_said_row_by_row_and_holds_up_no_other(me):
    free, taken, changed = reported(), reported(), reported()
    services.acknowledge(incident_id=taken.pk, by=me)
    seen = box(changed)
    services.change_severity(incident_id=changed.pk, by=me, severity=1, reason="all sites")
    restricted = reported()
    Incident.objects.filter(pk=restricted.pk).update(is_restricted=True)
    chosen = [box(taken), seen, box(restricted), "INC-9999:1", box(free)]
    answer = client_of(me).post(BULK, {"do": "acknowledge", "chosen": chosen})
    refused = {each.reference: each.code for each in answer.context["refused"]}
    assert refused == {
        taken.reference: "incident_not_from_here",
        changed.reference: "stale",
        restricted.reference: "not_found",
        "INC-9999": "not_found",
    }
    assert [each.reference for each in answer.context["done"]] == [free.reference]
    assert "1 done, 4 not" in answer.text
    assert restricted.title not in answer.text.replace(free.title, "", 1) or restricted.title == free.title


def test_words_are_asked_for_first_and_are_kept_when_they_are_missing(me):
    incident, client = reported(), client_of(me)
    sent = {"do": "cancel", "chosen": [box(incident)]}
    asked = client.post(BULK, sent)
    assert (asked.status_code, states()) == (200, [State.TRIAGE])
    assert box(incident) in asked.text
    assert client.post(BULK, {**sent, "step": "send", "reason": " "}).status_code == 400
    done = client.post(BULK, {**sent, "step": "send", "reason": "All of them are one drill."})
    assert (done.status_code, states()) == (200, [State.CANCELLED])


def test_somebody_is_put_in_charge_of_many(me):
    bo, two = responder(), [reported(), reported()]
    sent = {"do": "assign", "step": "send", "to": bo.pk, "chosen": [box(each) for each in two]}
    assert client_of(me).post(BULK, sent).status_code == 200
    assert set(Incident.objects.values_list("owner", flat=True)) == {bo.pk}


def test_the_second_time_nothing_more_happens(me):
    incident, client = reported(), client_of(me)
    sent = {"do": "acknowledge", "chosen": [box(incident), box(incident)]}
    client.post(BULK, sent)
    again = client.post(BULK, sent)
    assert len(again.context["refused"]) == 1
    assert Entry.objects.filter(verb="incident.acknowledged").count() == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"do": "acknowledge"}, 302),
        ({"do": "acknowledge", "chosen": ["x", "INC-1:1", "INC-0001:-1", "INC-0001:" + "9" * 30]}, 302),
        ({"do": "explode", "chosen": ["INC-0001:1"]}, 404),
        ({"do": "describe", "chosen": ["INC-0001:1"]}, 404),
        ({"do": "acknowledge", "chosen": [f"INC-{number:04d}:1" for number in range(MOST + 1)]}, 400),
        ({}, 404),
    ],
)
def test_what_makes_no_sense_changes_nothing(me, sent, status):
    reported()
    answer = client_of(me).post(BULK, sent)
    assert answer.status_code in {status, 200}
    assert states() == [State.TRIAGE]


def test_who_does_not_work_on_incidents_does_nothing():
    incident = reported()
    sent = {"do": "acknowledge", "chosen": [box(incident)]}
    assert client_of(person(Role.AUDITOR)).post(BULK, sent).status_code == 403
    assert client_of(person(Role.REPORTER)).post(BULK, sent).status_code == 404
    assert states() == [State.TRIAGE]


def test_a_program_does_the_same_and_reads_what_became_of_each(me):
    program, one, other = APIClient(), reported(), reported()
    program.force_login(me)
    services.cancel(incident_id=other.pk, by=me, reason="x")
    sent = {"do": "cancel", "values": {"reason": "A drill."}}
    chosen = [{"incident": one.reference, "version": one.version}, {"incident": other.reference}]
    answer = program.post("/api/v1/incidents/bulk/", {**sent, "incidents": chosen}, format="json")
    assert answer.status_code == 200
    assert [(each["reference"], each["is_done"], each["code"]) for each in answer.json()["results"]] == [
        (one.reference, True, ""),
        (other.reference, False, "incident_not_from_here"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"do": "describe"},
        {"incidents": []},
        {"incidents": [{"incident": "x"}]},
        {"incidents": [{"incident": "INC-0001"}] * (MOST + 1)},
        {"values": {}},
        {"values": {"reason": "x", "more": 1}},
        {"do": "acknowledge"},
    ],
)
def test_a_program_that_asks_wrongly_is_told_where(me, wrong):
    program, incident = APIClient(), reported()
    program.force_login(me)
    sent = {"do": "cancel", "incidents": [{"incident": incident.reference}], "values": {"reason": "x"}, **wrong}
    assert program.post("/api/v1/incidents/bulk/", sent, format="json").status_code == 400
    assert states() == [State.TRIAGE]


def test_several_are_merged_into_one_of_them_at_once(me):
    first, second, third = reported(description="One"), reported(description="Two"), reported(description="Three")
    boxes = {"do": "merge", "chosen": [box(each) for each in (first, second, third)]}
    asked = client_of(me).post(BULK, boxes)
    assert f'value="{second.reference}"' in asked.text
    answer = client_of(me).post(BULK, {**boxes, "step": "send", "into": second.reference})
    assert [each.reference for each in answer.context["done"]] == [first.reference, third.reference]
    assert set(second.merged.all()) == {first, third}
    alone = {"do": "merge", "chosen": [box(second)], "step": "send", "reference": second.reference}
    assert client_of(me).post(BULK, alone).status_code == 400


def test_programs_merge_several_at_once_and_are_told_of_each():
    program, one, into = with_key("Responder"), reported(), reported()
    body = {
        "do": "merge",
        "incidents": [{"incident": each.reference} for each in (one, into)],
        "values": {"into": into.reference, "reason": "the same"},
    }
    url = "/api/v1/incidents/bulk/"
    answer = program.post(url, body, content_type="application/json").json()
    assert [(each["reference"], each["is_done"]) for each in answer["results"]] == [(one.reference, True)]
    again = program.post(url, body, content_type="application/json").json()["results"]
    assert [each["code"] for each in again] == ["incident_not_from_here"]
    body["values"]["into"] = "INC-99999"
    refused = program.post(url, body, content_type="application/json")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["values.into"])
