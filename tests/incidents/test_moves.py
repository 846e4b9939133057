"""From state to state: who may, when, and who hears of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.errors import Stale
from incidents import services
from incidents.choices import NEXT, EventKind, State
from incidents.errors import CannotMove, CannotOwn, IsOver, Unfit
from incidents.models import Incident
from ledger.models import Entry
from notify.models import Message
from people.choices import Role
from tests.incidents.factories import person, reported, responder

pytestmark = pytest.mark.django_db

SOON = timedelta(hours=2)


def taken_over(**more):
    incident = reported(**more)
    return services.acknowledge(incident_id=incident.pk, by=responder())


def waiting(incident, until):
    return services.hold(incident_id=incident.pk, by=responder(), hold_reason="vendor", reason="waits", resume_at=until)


def resolved():
    return services.resolve(incident_id=taken_over().pk, by=responder())


def test_a_report_is_in_triage_and_told_to_responders_and_written_down():
    somebody = responder()
    reporter = person(Role.REPORTER)
    incident = reported(by=reporter, badness="stopped")
    assert (incident.state, incident.severity, incident.reporter) == (State.TRIAGE, 2, reporter)
    assert len(incident.tracking_token) > 40
    message = Message.objects.get()
    assert (message.to, message.kind, message.urgency) == (somebody, "incident.reported", "urgent")
    assert Entry.objects.filter(verb="incident.reported", subject_label=incident.reference).exists()
    assert "invoices" not in str(Entry.objects.get(verb="incident.reported").data)


def test_a_report_that_can_wait_is_told_without_haste():
    responder()
    reported(badness="noticed")
    assert Message.objects.get().urgency == "normal"


def test_a_title_is_made_of_the_first_words():
    assert reported(description="\n\n  Printer dead \nsince noon").title == "Printer dead"
    long = reported(description="word " * 1900).title
    assert len(long) <= 160
    assert long.endswith("word…")
    assert len(reported(description="字" * 10_000).title) == 160


def test_acknowledging_takes_it_over_and_stops_what_is_queued_and_tells_the_reporter(settings):
    settings.EMAIL_CONFIGURED = True
    somebody = responder()
    incident = reported()
    services.acknowledge(incident_id=incident.pk, by=somebody)
    incident.refresh_from_db()
    assert (incident.state, incident.owner) == (State.ACTIVE, somebody)
    assert incident.acknowledged_at is not None
    assert incident.events.first().kind == EventKind.ACKNOWLEDGED
    told = Message.objects.get(kind="incident.reported")
    assert told.deliveries.get(way="email").state == "cancelled"
    assert Message.objects.get(kind="report.acknowledged").to == incident.reporter


def test_a_second_responder_is_refused():
    incident = taken_over()
    with pytest.raises(CannotMove, match="“Active” cannot become “Active”"):
        services.acknowledge(incident_id=incident.pk, by=responder())


def test_a_move_from_what_somebody_else_changed_since_is_refused_and_changes_nothing():
    incident = reported()
    seen = incident.version
    services.acknowledge(incident_id=incident.pk, by=responder(), version=seen)
    with pytest.raises(Stale):
        services.cancel(incident_id=incident.pk, by=responder(), reason="a joke", version=seen)
    incident.refresh_from_db()
    assert incident.state == State.ACTIVE


#: What carries out each move between two states.
DOORS = {
    State.MITIGATED: lambda pk, by: services.mitigate(incident_id=pk, by=by),
    State.RESOLVED: lambda pk, by: services.resolve(incident_id=pk, by=by, text="done"),
    State.CLOSED: lambda pk, by: services.close(incident_id=pk, by=by),
    State.CANCELLED: lambda pk, by: services.cancel(incident_id=pk, by=by, reason="no"),
    State.ON_HOLD: lambda pk, by: services.hold(
        incident_id=pk, by=by, hold_reason="vendor", reason="waits", resume_at=timezone.now() + SOON
    ),
}


def put_into(incident, state):
    now = timezone.now()
    Incident.objects.filter(pk=incident.pk).update(
        state=state,
        acknowledged_at=now,
        resolved_at=now if state in (State.RESOLVED, State.IN_REVIEW, State.CLOSED) else None,
        resume_at=now + SOON,
        category="technical",
        merged_into=reported() if state == State.MERGED else None,
    )


@pytest.mark.parametrize("wanted", DOORS)
@pytest.mark.parametrize("now", State)
def test_only_the_moves_of_the_table_are_open(now, wanted):
    incident, by = reported(), responder()
    put_into(incident, now)
    if wanted in NEXT[now]:
        assert DOORS[wanted](incident.pk, by).state == wanted
        return
    with pytest.raises(CannotMove):
        DOORS[wanted](incident.pk, by)
    incident.refresh_from_db()
    assert incident.state == now


@pytest.mark.parametrize(
    ("before", "after"),
    [(State.MITIGATED, State.ACTIVE), (State.RESOLVED, State.ACTIVE), (State.CANCELLED, State.TRIAGE)],
)
def test_what_was_not_over_is_opened_again_and_told(before, after):
    incident, somebody = reported(), responder()
    put_into(incident, before)
    again = services.reopen(incident_id=incident.pk, by=somebody, reason="it is back")
    assert (again.state, again.resolved_at) == (after, None)
    assert Message.objects.filter(kind="report.reopened", to=incident.reporter).exists()


@pytest.mark.parametrize("state", [State.TRIAGE, State.ACTIVE, State.ON_HOLD, State.IN_REVIEW, State.CLOSED])
def test_what_is_not_over_or_is_over_for_good_is_not_opened_again(state):
    incident = reported()
    put_into(incident, state)
    with pytest.raises(CannotMove):
        services.reopen(incident_id=incident.pk, by=responder(), reason="again")


@pytest.mark.parametrize("do", [services.cancel, services.reopen])
def test_a_move_that_needs_a_reason_is_refused_without_one(do):
    with pytest.raises(Unfit) as refusal:
        do(incident_id=reported().pk, by=responder(), reason="  ")
    assert "reason" in refusal.value.fields


def test_resolving_tells_the_reporter_what_was_done():
    incident = taken_over()
    services.resolve(incident_id=incident.pk, by=responder(), text="A new disk.")
    incident.refresh_from_db()
    assert incident.resolved_at is not None
    assert not incident.is_resolved_by_system
    assert "A new disk." in Message.objects.get(kind="report.resolved").body


@pytest.mark.parametrize("after", [timedelta(0), timedelta(minutes=-1), timedelta(days=400)])
def test_a_hold_needs_an_end_that_is_still_to_come(after):
    with pytest.raises(Unfit) as refusal:
        waiting(taken_over(), timezone.now() + after)
    assert "resume_at" in refusal.value.fields


def test_when_the_time_on_hold_is_over_the_work_goes_on_and_the_owner_hears_of_it():
    incident = taken_over()
    waiting(incident, timezone.now() + SOON)
    assert services.resume_due(now=timezone.now()) == 0
    later = timezone.now() + SOON * 2
    assert services.resume_due(now=later) == 1
    assert services.resume_due(now=later) == 0
    incident.refresh_from_db()
    assert (incident.state, incident.resume_at) == (State.ACTIVE, None)
    assert Message.objects.get(kind="incident.resumed").to == incident.owner


def test_somebody_who_does_not_work_on_incidents_cannot_be_put_in_charge():
    incident = taken_over()
    with pytest.raises(CannotOwn):
        services.assign(incident_id=incident.pk, to=person(Role.AUDITOR), by=responder())


def test_who_is_put_in_charge_hears_of_it_once():
    incident, new = taken_over(), responder()
    services.assign(incident_id=incident.pk, to=new, by=responder())
    services.assign(incident_id=incident.pk, to=new, by=responder())
    assert Message.objects.filter(kind="incident.assigned", to=new).count() == 1


def test_severity_comes_from_impact_and_urgency_and_an_urgent_one_is_told():
    incident = taken_over()
    services.change_severity(incident_id=incident.pk, by=responder(), impact=1, urgency=1, reason="all sites")
    incident.refresh_from_db()
    assert incident.severity == 1
    assert Message.objects.filter(kind="incident.urgent", to=incident.owner).exists()
    assert "from 3 to 1" in incident.events.first().sentence


def test_a_severity_that_does_not_exist_is_refused():
    with pytest.raises(Unfit):
        services.change_severity(incident_id=reported().pk, by=responder(), severity=9, reason="why not")


def test_news_goes_to_the_reporter_and_to_those_who_joined_and_makes_it_known():
    incident, other = taken_over(), person(Role.REPORTER)
    services.join(incident_id=incident.pk, by=other)
    services.join(incident_id=incident.pk, by=other)
    services.update_reporters(
        incident_id=incident.pk, by=responder(), text="Disk ordered.", public_title="Invoices missing"
    )
    told = Message.objects.filter(kind="report.update")
    assert {message.to for message in told} == {incident.reporter, other}
    assert "Invoices missing" in told.get(to=other).subject
    assert incident.title not in told.get(to=other).subject + told.get(to=other).body
    assert incident.events.filter(kind=EventKind.JOINED).count() == 1


def test_an_answer_of_the_reporter_is_told_to_the_one_in_charge():
    incident = taken_over()
    services.reply(incident_id=incident.pk, by=None, text="Still broken.")
    assert Message.objects.get(kind="incident.reply").to == incident.owner
    assert Entry.objects.get(verb="incident.replied").actor_label == "system:tracking-link"


@pytest.mark.parametrize("state", [State.CLOSED, State.CANCELLED])
def test_nobody_answers_a_report_that_is_over(state):
    incident = reported()
    put_into(incident, state)
    with pytest.raises(IsOver):
        services.reply(incident_id=incident.pk, by=None, text="Hello?")


def test_the_database_itself_refuses_a_second_live_incident_of_a_cause():
    one, two = reported(), reported()
    Incident.objects.filter(pk=one.pk).update(cause_key="x:1")
    with pytest.raises(IntegrityError, match="incident_one_live_per_cause"), transaction.atomic():
        Incident.objects.filter(pk=two.pk).update(cause_key="x:1")


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "on_fire"},
        {"state": State.ACTIVE},
        {"state": State.RESOLVED},
        {"severity": 5},
        {"impact": 7},
        {"state": State.ON_HOLD, "acknowledged_at": timezone.now()},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(broken):
    incident = reported()
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(**broken)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incidents_timelineevent SET text = 'It never happened.'",
        "UPDATE incidents_timelineevent SET at = now() - interval '1 day'",
        "UPDATE incidents_timelineevent SET is_public = NOT is_public",
        "DELETE FROM incidents_timelineevent",
    ],
)
def test_the_database_itself_keeps_what_happened(statement):
    services.note(incident_id=reported().pk, by=responder(), text="Seen.")
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(statement)


def test_who_wrote_a_note_may_leave_and_the_note_stays_with_the_name():
    incident, by = reported(), responder(name="Jonas Weber")
    services.note(incident_id=incident.pk, by=by, text="Seen.")
    by.delete()
    event = incident.events.first()
    assert (event.by, event.by_label, event.text) == (None, "Jonas Weber", "Seen.")
