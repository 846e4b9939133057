"""Waiting for a person or a date."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.rounds import each_apart
from incidents.choices import HoldReason, State
from incidents.errors import Unfit
from incidents.models import Incident
from incidents.services.audience import tell_moved, tell_workers
from incidents.services.checking import check_reason
from incidents.services.moving import move, only_from
from incidents.services.rows import Who, lock
from people.models import User

LONGEST_HOLD = timedelta(days=366)
BY_TICK = "system:tick"
AT_ONCE = 100


@transaction.atomic
def hold(
    *,
    incident_id: uuid.UUID,
    by: User,
    hold_reason: str,
    reason: str,
    resume_at: datetime,
    version: int | None = None,
) -> Incident:
    """Wait for a person or a date. When the time is over, work goes on by itself and the owner hears of it.

    hold_reason: what it waits for, one of `HoldReason`.  reason: the same in words.
    """
    now = timezone.now()
    check_reason(reason)
    if hold_reason not in HoldReason.values:
        raise Unfit(fields={"hold_reason": [_("Choose what it waits for.")]})
    if not now < resume_at <= now + LONGEST_HOLD:
        raise Unfit(fields={"resume_at": [_("Give a time that is still to come, within a year.")]})
    incident = lock(incident_id, version)
    incident.hold_reason, incident.resume_at = hold_reason, resume_at
    values = {"until_at": resume_at.isoformat(), "hold_reason": hold_reason}
    move(incident, State.ON_HOLD, by=by, now=now, text=reason, values=values)
    tell_moved(incident)
    return incident


@transaction.atomic
def resume(*, incident_id: uuid.UUID, by: Who, version: int | None = None, now: datetime | None = None) -> Incident:
    """Go on with what was on hold."""
    now = now or timezone.now()
    incident = lock(incident_id, version)
    only_from(incident, State.ON_HOLD, wanted=State.ACTIVE)
    values = {} if isinstance(by, User) else {"by_system": True}
    move(incident, State.ACTIVE, by=by, now=now, values=values, verb="incident.resumed")
    if isinstance(by, User):
        tell_moved(incident)
    return incident


def go_on_with_answer(incident: Incident, *, by: Who, now: datetime) -> bool:
    """What waited for the person who reported it goes on: the answer is here.  incident: held by the caller.

    Whoever hears of the answer need not be told of this too. False: it did not wait for that.
    """
    if incident.state != State.ON_HOLD or incident.hold_reason != HoldReason.CALLER:
        return False
    move(incident, State.ACTIVE, by=by, now=now, values={"by_answer": True}, verb="incident.resumed")
    return True


def resume_due(*, now: datetime) -> int:
    """Take up what was on hold until now. Several at once are harmless. Returns how many were taken up."""
    due = _due(now).values_list("pk", flat=True)[:AT_ONCE]
    return each_apart(due, lambda incident_id: _resume_one(incident_id, now), what="incident on hold")


def _resume_one(incident_id: uuid.UUID, now: datetime) -> int:
    incident = _due(now).select_for_update(skip_locked=True).filter(pk=incident_id).first()
    if incident is None:
        return 0
    tell_workers(resume(incident_id=incident.pk, by=BY_TICK, now=now), "incident.resumed")
    return 1


def _due(now: datetime) -> QuerySet[Incident]:
    return Incident.objects.filter(state=State.ON_HOLD, resume_at__lte=now).order_by("resume_at")
