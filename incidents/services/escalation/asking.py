"""What people do about the calls: call the next ones at once, and say that somebody is on it."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from incidents.choices import CallEnd, CallReason, CallState, EventKind, State
from incidents.errors import NobodyToCall, NotToEscalate
from incidents.models import EscalationRun, Incident
from incidents.services.escalation.beginning import begin_escalation
from incidents.services.escalation.ending import end_runs, look_after
from incidents.services.escalation.taking import take_what_is_due
from incidents.services.rows import lock, write_down
from people.models import User

#: Where calls make sense.
CALLABLE = (State.TRIAGE, State.ACTIVE)


@transaction.atomic
def escalate_now(
    *, incident_id: uuid.UUID, by: User, version: int | None = None, now: datetime | None = None
) -> Incident:
    """Take the next step at once; where nobody is being called, begin with the first.

    Raises NotToEscalate where nothing is left to do, NobodyToCall where no policy names anybody, or Stale.
    """
    now = now or timezone.now()
    incident = lock(incident_id, version)
    if incident.state not in CALLABLE:
        raise NotToEscalate
    run = EscalationRun.objects.select_for_update(of=["self"]).filter(incident=incident, ended_at=None).first()
    if run is None:
        if begin_escalation(incident, reason=CallReason.ASKED, now=now, by=by) is None:
            raise NobodyToCall
        return incident
    run.begun_by, run.is_held = by, False
    run.save(update_fields=["begun_by", "is_held"])
    run.steps.filter(state=CallState.DUE).update(due_at=now)
    take_what_is_due(run, incident, now, by)
    return incident


@transaction.atomic
def still_on_it(
    *, incident_id: uuid.UUID, by: User, version: int | None = None, now: datetime | None = None
) -> Incident:
    """Somebody is on it after all: nobody is called any more, and it may stay silent for a while again.

    Raises NotToEscalate where nobody has taken it over yet, or it is over.
    """
    now = now or timezone.now()
    incident = lock(incident_id, version)
    if incident.state != State.ACTIVE:
        raise NotToEscalate
    values = {"said": "answered", "name": str(by)}
    write_down(incident, EventKind.ESCALATED, verb="incident.still_on_it", by=by, now=now, values=values)
    end_runs(incident, CallEnd.ANSWERED, now)
    look_after(incident, now)
    return incident
