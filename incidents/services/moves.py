"""From report to resolution."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from incidents.choices import EventKind, State
from incidents.errors import CommandsAlready
from incidents.models import Incident
from incidents.selectors.roles import commands
from incidents.services.audience import stop_telling, tell_reporters
from incidents.services.checking import check_reason
from incidents.services.closing import checked_category
from incidents.services.escalation import end_escalation
from incidents.services.major import end_roles
from incidents.services.moving import after_all, move, only_from
from incidents.services.rows import lock, save, write_down
from incidents.services.task_ends import check_tasks, drop_all
from people.models import User

#: What becomes of tasks that are still to do when it is resolved.
KEEP, DROP = "keep", "drop"


@transaction.atomic
def acknowledge(
    *, incident_id: uuid.UUID, by: User, version: int | None = None, now: datetime | None = None
) -> Incident:
    """A person takes it over: triage becomes active, and who acknowledges is in charge unless somebody is.

    Who commands a major incident is not put in charge of it.

    Raises CannotMove when it is not in triage. What was still queued about it is not sent any more.
    """
    now = now or timezone.now()
    incident = lock(incident_id, version)
    only_from(incident, State.TRIAGE, wanted=State.ACTIVE)
    incident.state = State.ACTIVE
    incident.acknowledged_at = incident.acknowledged_at or now
    incident.owner = incident.owner or (None if commands(incident, by) else by)
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
    incident.check_can_become(State.MITIGATED)
    incident.mitigated_at = after_all(incident, now)
    move(incident, State.MITIGATED, by=by, now=now, text=text, fields=["mitigated_at"])
    tell_reporters(incident, "report.mitigated", but=by)
    return incident


@transaction.atomic
def resolve(
    *,
    incident_id: uuid.UUID,
    by: User,
    version: int | None = None,
    text: str = "",
    category: str = "",
    open_tasks: str = "",
) -> Incident:
    """It works again.

    text: what was done, told to the people who reported it.  category: what kind of cause it had, where it is known.
    open_tasks: KEEP or DROP, asked for where tasks are still to do; dropped, with `text` as the reason.
    Raises CannotMove, CommandsAlready for the commander of a major incident, TasksAreOpen.
    """
    incident, now = lock(incident_id, version), timezone.now()
    incident.check_can_become(State.RESOLVED)
    if commands(incident, by):
        raise CommandsAlready(name=str(by))
    if open_tasks == DROP:
        check_reason(text, "text")
        drop_all(incident, because=text, by=by)
    elif open_tasks != KEEP:
        check_tasks(incident, drop_because="", by=by, field="open_tasks")
    incident.resolved_at, incident.is_resolved_by_system = after_all(incident, now), False
    incident.category = checked_category(category) or incident.category
    fields = ["resolved_at", "is_resolved_by_system", "category"]
    move(incident, State.RESOLVED, by=by, now=now, text=text, fields=fields, is_public=True)
    stop_telling(incident, now)
    tell_reporters(incident, "report.resolved", text=text, but=by)
    return incident


@transaction.atomic
def cancel(*, incident_id: uuid.UUID, by: User, reason: str, version: int | None = None) -> Incident:
    """It is not an incident.  reason: why, told to the people who reported it."""
    check_reason(reason)
    incident, now = lock(incident_id, version), timezone.now()
    incident.check_can_become(State.CANCELLED)
    drop_all(incident, because=reason, by=by)
    end_roles(incident, by=by, now=now)
    incident.cancelled_at = now
    move(incident, State.CANCELLED, by=by, now=now, text=reason, fields=["cancelled_at"], is_public=True)
    stop_telling(incident, now)
    tell_reporters(incident, "report.cancelled", text=reason, but=by)
    return incident
