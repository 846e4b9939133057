"""What is not offered is refused with its reason, and nothing is changed: in every state, page and API alike."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from common.errors import DomainError
from incidents.choices import State
from incidents.errors import Unfit
from incidents.models import Incident
from incidents.moves import ALL
from ledger.models import Entry
from tests.incidents.factories import reported, responder
from tests.support.people import with_key

pytestmark = pytest.mark.django_db

#: Reporters are told before somebody took it over, too, though pages offer the other first.
ALSO = {("update", State.TRIAGE)}


def brought_to(state: State, into: Incident, by) -> Incident:
    incident, now = reported(), timezone.now()
    known: dict[str, object] = {"state": state, "is_major": True}
    if state not in (State.TRIAGE, State.CANCELLED):
        known |= {"acknowledged_at": now, "owner": by}
    if state in (State.RESOLVED, State.IN_REVIEW, State.CLOSED):
        known["resolved_at"] = now
    if state == State.ON_HOLD:
        known["resume_at"] = now + timedelta(days=1)
    if state == State.MERGED:
        known["merged_into"] = into
    Incident.objects.filter(pk=incident.pk).update(**known)
    return Incident.objects.get(pk=incident.pk)


def given(into: Incident, other) -> dict[str, dict[str, object]]:
    """What each move needs, so that only the state stands against it."""
    now, why = timezone.now(), {"reason": "why"}
    return {
        "severity": {"severity": 1, **why},
        "assign": {"to": other},
        "role": {"role": "scribe", "to": other},
        "major": why,
        "stand-down": why,
        "merge": {"into_id": into.pk, **why},
        "unmerge": why,
        "deadline": {"due_at": now + timedelta(days=1), **why},
        "update": {"text": "News"},
        "resolve": {"text": "done"},
        "reopen": why,
        "again": why,
        "time": {"which": "occurred_at", "at": now - timedelta(days=1), **why},
        "hold": {"hold_reason": "vendor", "resume_at": now + timedelta(days=1), **why},
        "cancel": why,
    }


@pytest.mark.parametrize("state", State)
def test_every_move_that_is_not_offered_is_refused_by_its_service(state):
    by, other, into = responder(), responder(), reported()
    incident, values = brought_to(state, into, by), given(into, other)
    before = (Incident.objects.values().get(pk=incident.pk), Entry.objects.count())
    for move in ALL.values():
        if state in move.states or (move.name, state) in ALSO:
            continue
        with pytest.raises(DomainError) as refusal, transaction.atomic():
            move.do(incident, by, {"version": incident.version, **values.get(move.name, {})})
        assert not isinstance(refusal.value, Unfit), move.name
        assert refusal.value.message, move.name
    assert (Incident.objects.values().get(pk=incident.pk), Entry.objects.count()) == before


def test_page_and_program_say_why():
    program, client = with_key("Responder"), Client()
    client.force_login(responder())
    incident = brought_to(State.CLOSED, reported(), responder())
    page = client.post(f"/incidents/{incident.reference}/severity/", {"version": incident.version, **SEVERE})
    assert page.status_code == 409
    assert "It is “Closed”: this cannot be done then." in page.text
    answer = program.post(
        f"/api/v1/incidents/{incident.reference}/severity/",
        {"severity": 1, "reason": "why"},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "incident_not_from_here")


SEVERE = {"impact": "1", "urgency": "1", "reason": "all sites"}


@pytest.mark.parametrize("at", ["2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"])
def test_nobody_promises_an_end_that_has_passed_or_that_nobody_can_know(at):
    program, incident = with_key("Responder"), reported()
    url = f"/api/v1/incidents/{incident.reference}/"
    told = program.post(f"{url}update/", {"text": "Soon", "expected_at": at}, content_type="application/json")
    changed = program.patch(url, {"expected_at": at}, content_type="application/json", headers={"If-Match": "*"})
    for answer in (told, changed):
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["expected_at"])
