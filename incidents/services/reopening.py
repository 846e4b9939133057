"""It was not over after all."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from incidents.choices import LIVE, CallReason, EventKind, Source, State
from incidents.errors import AnotherIsLive, TooLate
from incidents.models import Incident
from incidents.selectors.roles import commands
from incidents.services.audience import tell_reporters, tell_workers
from incidents.services.causes import lock_causes
from incidents.services.checking import check_reason
from incidents.services.escalation import call_or_tell
from incidents.services.moving import move, only_from
from incidents.services.reporting import new_token
from incidents.services.rows import lock, write_down
from people.models import User

#: From where an incident is opened again as itself.
REOPENED_FROM = (State.MITIGATED, State.RESOLVED, State.CANCELLED)
#: From where a new one is opened that is linked to it.
OVER = (State.RESOLVED, State.IN_REVIEW, State.CLOSED, State.CANCELLED)


@transaction.atomic
def reopen(*, incident_id: uuid.UUID, by: User, reason: str, version: int | None = None) -> Incident:
    """It was not over after all. A cancelled one goes back to triage, a resolved one to its work.

    Raises AnotherIsLive when the same cause has a live incident by now, TooLate when it has been over for longer than
    INCIDENTS_REOPEN_DAYS: then `open_again_as_new`.
    """
    check_reason(reason)
    check_alone(incident_id)
    incident, now = lock(incident_id, version), timezone.now()
    wanted = State.TRIAGE if incident.state == State.CANCELLED else State.ACTIVE
    only_from(incident, *REOPENED_FROM, wanted=wanted)
    check_recent(incident, now)
    incident.reopen_count += incident.state != State.MITIGATED
    incident.resolved_at, incident.mitigated_at, incident.cancelled_at = None, None, None
    if wanted == State.ACTIVE:
        incident.acknowledged_at = incident.acknowledged_at or now
        incident.owner = incident.owner or (None if commands(incident, by) else by)
    fields = ["resolved_at", "mitigated_at", "cancelled_at", "acknowledged_at", "owner", "reopen_count"]
    move(incident, wanted, by=by, now=now, text=reason, fields=fields, is_public=True, verb="incident.reopened")
    if wanted == State.TRIAGE:
        call_or_tell(incident, "incident.reopened", reason=CallReason.REOPENED, now=now, by=by)
    else:
        tell_workers(incident, "incident.reopened", but=by)
    tell_reporters(incident, "report.reopened", text=reason, but=by)
    return incident


@transaction.atomic
def open_again_as_new(
    *, incident_id: uuid.UUID, by: User, reason: str, source: str = Source.PAGE, version: int | None = None
) -> Incident:
    """What is over happens again: a new incident, in triage, that names the one before.

    It takes over what is known of it: title, what is affected, how bad, for whom it is restricted, and its team.
    Those who reported the earlier one hear of the new one. Returns the new one. Raises CannotMove while the earlier
    one is not over, AnotherIsLive where somebody was faster.
    """
    check_reason(reason)
    before, now = lock(incident_id, version), timezone.now()
    only_from(before, *OVER, wanted=State.TRIAGE)
    if (other := before.followed_by.filter(state__in=LIVE).first()) is not None:
        raise AnotherIsLive(reference=other.reference)
    new = Incident.objects.create(
        title=before.shown_title[:160],
        reported_as=before.told_title if before.reporter_id == by.pk else "",
        public_title=before.public_title,
        description=reason.strip(),
        impact=before.impact,
        urgency=before.urgency,
        severity=before.severity,
        source=source,
        reporter=by,
        team=before.team,
        place=before.place,
        error_code=before.error_code,
        is_restricted=before.is_restricted,
        reported_at=now,
        previous=before,
        tracking_token=new_token(),
    )
    new.refresh_from_db(fields=["number"])
    new.services.set(before.services.all())
    new.systems.set(before.systems.all())
    new.followers.set(User.objects.filter(pk__in=_interested(before)).exclude(pk=by.pk))
    values = {"name": str(by), "severity": new.severity, "source": source, "previous": before.reference}
    write_down(new, EventKind.REPORTED, verb="incident.reported", by=by, now=now, text=new.description, values=values)
    call_or_tell(new, "incident.reported", reason=CallReason.OPENED, now=now, by=by)
    return new


def is_recent(incident: Incident, now: datetime) -> bool:
    """Whether it may still be opened again as itself."""
    over_at = incident.resolved_at if incident.state != State.CANCELLED else incident.cancelled_at
    return over_at is None or now - over_at <= reopened_within()


def check_recent(incident: Incident, now: datetime) -> None:
    """Raises TooLate."""
    if not is_recent(incident, now):
        raise TooLate(reference=incident.reference, days=reopened_within().days)


def reopened_within() -> timedelta:
    """How long after its end an incident is opened again as itself."""
    found: timedelta = settings.INCIDENTS_REOPENED_WITHIN
    return found


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


def _interested(incident: Incident) -> set[uuid.UUID]:
    people = set(incident.followers.values_list("pk", flat=True))
    return people | ({incident.reporter_id} if incident.reporter_id else set())
