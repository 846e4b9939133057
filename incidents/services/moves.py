"""Moves from state to state. Which may follow which stands in `choices.NEXT`."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.choices import LIVE, CallReason, EventKind, State
from incidents.errors import AnotherIsLive, CannotMove, Unfit
from incidents.models import Incident
from incidents.services.audience import stop_telling, tell_reporters, tell_workers
from incidents.services.causes import lock_causes
from incidents.services.escalation import call_or_tell, end_escalation
from incidents.services.rows import Who, lock, save, write_down
from people.models import User

LONGEST_HOLD = timedelta(days=366)
BY_TICK = "system:tick"


@transaction.atomic
def acknowledge(
    *, incident_id: uuid.UUID, by: User, version: int | None = None, now: datetime | None = None
) -> Incident:
    """A person takes it over: triage becomes active, and who acknowledges is in charge unless somebody is.

    Raises CannotMove when it is not in triage. What was still queued about it is not sent any more.
    """
    now = now or timezone.now()
    incident = lock(incident_id, version)
    _only_from(incident, State.TRIAGE, wanted=State.ACTIVE)
    incident.state = State.ACTIVE
    incident.acknowledged_at = incident.acknowledged_at or now
    incident.owner = incident.owner or by
    save(incident, "state", "acknowledged_at", "owner")
    write_down(
        incident,
        EventKind.ACKNOWLEDGED,
        verb="incident.acknowledged",
        by=by,
        now=now,
        values={"name": str(by), "from": State.TRIAGE, "to": State.ACTIVE},
        is_public=True,
    )
    stop_telling(incident, now)
    end_escalation(incident, now=now)
    tell_reporters(incident, "report.acknowledged", but=by)
    return incident


@transaction.atomic
def mitigate(*, incident_id: uuid.UUID, by: User, version: int | None = None, text: str = "") -> Incident:
    """The worst is over, though not all of it."""
    incident, now = lock(incident_id, version), timezone.now()
    incident.mitigated_at = now
    _move(incident, State.MITIGATED, by=by, now=now, text=text, fields=["mitigated_at"])
    tell_reporters(incident, "report.mitigated", but=by)
    return incident


@transaction.atomic
def resolve(*, incident_id: uuid.UUID, by: User, version: int | None = None, text: str = "") -> Incident:
    """It works again.  text: what was done, told to the people who reported it."""
    incident, now = lock(incident_id, version), timezone.now()
    incident.resolved_at, incident.is_resolved_by_system = now, False
    _move(
        incident,
        State.RESOLVED,
        by=by,
        now=now,
        text=text,
        fields=["resolved_at", "is_resolved_by_system"],
        is_public=True,
    )
    stop_telling(incident, now)
    tell_reporters(incident, "report.resolved", text=text, but=by)
    return incident


@transaction.atomic
def reopen(*, incident_id: uuid.UUID, by: User, reason: str, version: int | None = None) -> Incident:
    """It was not over after all. A cancelled one goes back to triage, a resolved one to its work.

    Raises AnotherIsLive when the same cause has a live incident by now.
    """
    check_reason(reason)
    check_alone(incident_id)
    incident, now = lock(incident_id, version), timezone.now()
    wanted = State.TRIAGE if incident.state == State.CANCELLED else State.ACTIVE
    _only_from(incident, State.MITIGATED, State.RESOLVED, State.CANCELLED, wanted=wanted)
    incident.resolved_at, incident.mitigated_at = None, None
    if wanted == State.ACTIVE:
        incident.acknowledged_at = incident.acknowledged_at or now
        incident.owner = incident.owner or by
    fields = ["resolved_at", "mitigated_at", "acknowledged_at", "owner"]
    _move(incident, wanted, by=by, now=now, text=reason, fields=fields, is_public=True, verb="incident.reopened")
    if wanted == State.TRIAGE:
        call_or_tell(incident, "incident.reopened", reason=CallReason.REOPENED, now=now, by=by)
    else:
        tell_workers(incident, "incident.reopened", but=by)
    tell_reporters(incident, "report.reopened", text=reason, but=by)
    return incident


@transaction.atomic
def cancel(*, incident_id: uuid.UUID, by: User, reason: str, version: int | None = None) -> Incident:
    """It is not an incident.  reason: why, told to the people who reported it."""
    check_reason(reason)
    incident, now = lock(incident_id, version), timezone.now()
    _move(incident, State.CANCELLED, by=by, now=now, text=reason, is_public=True)
    stop_telling(incident, now)
    tell_reporters(incident, "report.cancelled", text=reason, but=by)
    return incident


@transaction.atomic
def hold(*, incident_id: uuid.UUID, by: User, reason: str, resume_at: datetime, version: int | None = None) -> Incident:
    """Wait for a person or a date. When the time is over, work goes on by itself and the owner hears of it."""
    now = timezone.now()
    check_reason(reason)
    if not now < resume_at <= now + LONGEST_HOLD:
        raise Unfit(fields={"resume_at": [_("Give a time that is still to come, within a year.")]})
    incident = lock(incident_id, version)
    incident.resume_at = resume_at
    values = {"until_at": resume_at.isoformat()}
    _move(incident, State.ON_HOLD, by=by, now=now, text=reason, fields=["resume_at"], values=values)
    return incident


@transaction.atomic
def resume(*, incident_id: uuid.UUID, by: Who, version: int | None = None, now: datetime | None = None) -> Incident:
    """Go on with what was on hold."""
    now = now or timezone.now()
    incident = lock(incident_id, version)
    _only_from(incident, State.ON_HOLD, wanted=State.ACTIVE)
    incident.resume_at = None
    values = {} if isinstance(by, User) else {"by_system": True}
    _move(incident, State.ACTIVE, by=by, now=now, fields=["resume_at"], values=values, verb="incident.resumed")
    return incident


@transaction.atomic
def close(*, incident_id: uuid.UUID, by: User, version: int | None = None) -> Incident:
    """Nothing is left to do or to learn."""
    incident, now = lock(incident_id, version), timezone.now()
    _move(incident, State.CLOSED, by=by, now=now)
    return incident


def resume_due(*, now: datetime) -> int:
    """Take up what was on hold until now. Several at once are harmless. Returns how many were taken up."""
    taken = 0
    for incident_id in _due(now).values_list("pk", flat=True)[:100]:
        with transaction.atomic():
            incident = _due(now).select_for_update(skip_locked=True).filter(pk=incident_id).first()
            if incident is not None:
                resumed = resume(incident_id=incident.pk, by=BY_TICK, now=now)
                tell_workers(resumed, "incident.resumed")
                taken += 1
    return taken


def check_reason(reason: str) -> None:
    """Raises Unfit when nobody could know why."""
    if not reason.strip():
        raise Unfit(fields={"reason": [_("Say why, in a few words.")]})


def check_alone(incident_id: uuid.UUID) -> None:
    """Raises AnotherIsLive. Holds the cause until the transaction ends, so that none can open meanwhile.

    The cause is held before the row, as everywhere, so that two never wait for each other.
    """
    cause_key = Incident.objects.values_list("cause_key", flat=True).get(pk=incident_id)
    if not cause_key:
        return
    lock_causes(cause_key)
    other = Incident.objects.filter(cause_key=cause_key, state__in=LIVE).exclude(pk=incident_id).first()
    if other is not None:
        raise AnotherIsLive(reference=other.reference)


def _only_from(incident: Incident, *states: State, wanted: State) -> None:
    if incident.state not in states:
        raise CannotMove(now=State(incident.state).label, wanted=wanted.label)


def _due(now: datetime) -> Any:
    return Incident.objects.filter(state=State.ON_HOLD, resume_at__lte=now).order_by("resume_at")


def _move(
    incident: Incident,
    wanted: State,
    *,
    by: Who,
    now: datetime,
    text: str = "",
    fields: list[str] | None = None,
    values: dict[str, Any] | None = None,
    is_public: bool = False,
    verb: str = "",
) -> None:
    incident.check_can_become(wanted)
    before, incident.state = incident.state, wanted
    save(incident, "state", *(fields or []))
    write_down(
        incident,
        EventKind.MOVED,
        verb=verb or f"incident.{wanted}",
        by=by,
        now=now,
        text=text.strip(),
        values={"from": before, "to": wanted, **(values or {})},
        is_public=is_public,
    )
    end_escalation(incident, now=now)
