"""What is over: closed by itself, opened again as itself for a while, and later as a new one."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from incidents import services
from incidents.choices import State
from incidents.errors import CannotMove, TooLate, Unfit
from incidents.models import Incident
from notify.models import Message
from tests.catalog.factories import ServiceFactory
from tests.incidents.factories import reported, responder

pytestmark = pytest.mark.django_db

LONG = timedelta(days=20)


def resolved(**more):
    incident = services.acknowledge(incident_id=reported(**more).pk, by=responder())
    return services.resolve(incident_id=incident.pk, by=responder())


def aged(incident, age=LONG):
    """As if all of it had been so long ago."""
    names = ("reported_at", "acknowledged_at", "resolved_at", "cancelled_at")
    times = {name: at - age for name in names if (at := getattr(incident, name))}
    Incident.objects.filter(pk=incident.pk).update(**times)
    return incident


def test_opened_again_is_counted():
    incident = services.reopen(incident_id=resolved().pk, by=responder(), reason="it is back")
    assert (incident.state, incident.reopen_count, incident.resolved_at) == (State.ACTIVE, 1, None)


def test_what_has_been_over_for_long_is_opened_as_a_new_one_that_names_it():
    old, by = resolved(services=[ServiceFactory()]), responder()
    service = old.services.get()
    aged(old)
    with pytest.raises(TooLate, match="7 days"):
        services.reopen(incident_id=old.pk, by=by, reason="it is back")
    new = services.open_again_as_new(incident_id=old.pk, by=by, reason="it is back")
    assert (new.previous, new.state, new.severity, new.reporter) == (old, State.TRIAGE, old.severity, by)
    assert list(new.services.all()) == [service]
    assert old.reporter in new.followers.all()


def test_what_is_not_over_is_not_opened_as_a_new_one():
    with pytest.raises(CannotMove, match="First somebody takes it over"):
        services.open_again_as_new(incident_id=reported().pk, by=responder(), reason="again")


def test_a_refusal_says_what_is_possible_instead_in_the_language_of_the_reader():
    incident = services.close(incident_id=resolved().pk, by=responder())
    with pytest.raises(CannotMove) as refusal:
        services.mitigate(incident_id=incident.pk, by=responder())
    assert "linked to it" in refusal.value.message
    with translation.override("zh-hans"):
        assert refusal.value.message


def test_what_stays_resolved_is_closed_by_itself_once_and_the_owner_hears_of_it():
    incident, recent = aged(resolved()), resolved()
    now = timezone.now()
    assert services.close_due(now=now) == 1
    assert services.close_due(now=now) == 0
    incident.refresh_from_db()
    recent.refresh_from_db()
    assert (incident.state, incident.closed_at, recent.state) == (State.CLOSED, now, State.RESOLVED)
    assert Message.objects.get(kind="incident.closed").to == incident.owner
    assert "Holdfast" in incident.events.first().sentence


def test_what_is_reviewed_is_not_closed_by_itself_and_not_without_its_category():
    incident = aged(resolved())
    Incident.objects.filter(pk=incident.pk).update(state=State.IN_REVIEW)
    assert services.close_due(now=timezone.now()) == 0
    with pytest.raises(Unfit) as refusal:
        services.close(incident_id=incident.pk, by=responder())
    assert "category" in refusal.value.fields
    assert services.close(incident_id=incident.pk, by=responder(), category="delay").category == "delay"


def test_a_time_is_corrected_with_a_reason_and_both_times_stay():
    incident, at = resolved(), timezone.now() - timedelta(hours=2)
    services.correct_time(incident_id=incident.pk, which="resolved_at", at=at, reason="the log says so", by=responder())
    incident.refresh_from_db()
    event = incident.events.first()
    assert (incident.resolved_at, event.values["field"], event.text) == (at, "resolved_at", "the log says so")
    assert event.values["before"]
    assert "resolved on" in event.sentence


@pytest.mark.parametrize(
    ("which", "ago", "field"),
    [
        ("resolved_at", timedelta(hours=-1), "at"),
        ("resolved_at", timedelta(days=20_000), "at"),
        ("mitigated_at", timedelta(hours=1), "which"),
        ("reported_at", timedelta(hours=1), "which"),
        ("resolved_at", timedelta(days=3), "at"),
    ],
)
def test_a_time_to_come_or_out_of_order_is_refused_in_words(which, ago, field):
    incident = resolved(occurred_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Unfit) as refusal:
        services.correct_time(
            incident_id=incident.pk, which=which, at=timezone.now() - ago, reason="why", by=responder()
        )
    assert field in refusal.value.fields


def test_the_database_itself_keeps_times_in_order_and_waiting_to_what_waits():
    incident, day = resolved(), timedelta(days=1)
    for broken in ({"detected_at": incident.resolved_at + day}, {"closed_at": incident.resolved_at - day}):
        with pytest.raises(IntegrityError, match="incident_times_are_in_order"), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(**broken)
    with pytest.raises(IntegrityError, match="incident_waits_only_on_hold"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(hold_reason="vendor")


def test_what_it_waited_for_is_over_with_it():
    incident = services.acknowledge(incident_id=reported().pk, by=responder())
    later = timezone.now() + timedelta(hours=1)
    held = services.hold(
        incident_id=incident.pk, by=responder(), hold_reason="vendor", reason="a part", resume_at=later
    )
    assert (held.hold_reason, held.resume_at) == ("vendor", later)
    cancelled = services.cancel(incident_id=incident.pk, by=responder(), reason="a joke")
    assert (cancelled.hold_reason, cancelled.resume_at) == ("", None)
    assert cancelled.cancelled_at


def test_it_has_to_be_said_what_it_waits_for():
    incident = services.acknowledge(incident_id=reported().pk, by=responder())
    with pytest.raises(Unfit) as refusal:
        services.hold(
            incident_id=incident.pk, by=responder(), hold_reason="tea", reason="x", resume_at=timezone.now() + LONG
        )
    assert "hold_reason" in refusal.value.fields
