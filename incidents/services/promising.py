"""Time limits: what is promised for each severity and service, and deadlines of single incidents."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Service
from common.versions import check_version, raise_version
from incidents.choices import EventKind
from incidents.clocks.looking import look_at_all
from incidents.errors import NoDeadline, Unfit
from incidents.models import ClockTarget, Deadline, Incident
from incidents.models.clocks import SPANS
from incidents.services.checking import check_reason
from incidents.services.rows import lock, write_down
from ledger.services import Actor, record
from people.models import Calendar, User

FURTHEST = timedelta(days=366)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: severity → (counts around the clock, acknowledge, update, resolve): what a new installation promises.
SHIPPED: dict[int, tuple[bool, timedelta, timedelta | None, timedelta]] = {
    1: (True, 15 * MINUTE, 30 * MINUTE, 4 * HOUR),
    2: (True, 30 * MINUTE, HOUR, 8 * HOUR),
    3: (False, 4 * HOUR, 8 * HOUR, 24 * HOUR),
    4: (False, 8 * HOUR, None, 80 * HOUR),
}


@transaction.atomic
def promise(
    *,
    severity: int,
    calendar: Calendar,
    by: Actor,
    service: Service | None = None,
    acknowledge_within: timedelta | None = None,
    update_every: timedelta | None = None,
    resolve_within: timedelta | None = None,
) -> ClockTarget:
    """From now on incidents of this severity have to be in hand, told of and resolved within these times.

    service: only its incidents, for which then nothing else counts.  None of a time: there is no such clock.
    Raises Unfit.
    """
    target = ClockTarget(
        severity=severity,
        calendar=calendar,
        service=service,
        acknowledge_within=acknowledge_within,
        update_every=update_every,
        resolve_within=resolve_within,
    )
    _check(target)
    target.save(force_insert=True)
    record(verb="clock_target.added", subject=target, actor=by, data=_of(target))
    look_at_all(now=target.since)
    return target


@transaction.atomic
def change_promise(*, target_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Any) -> ClockTarget:
    """Promise something else from now on. What was over before is still held to what was promised then.

    details: any of calendar, acknowledge_within, update_every, resolve_within.  Raises Unfit or Stale.
    """
    target = _locked(target_id, version)
    before = _of(target)
    former = {name: getattr(target, name) for name in ("calendar", *SPANS)}
    for name, value in details.items():
        setattr(target, name, value)
    _check(target)
    if _of(target) == before:
        return target
    now = timezone.now()
    ClockTarget.objects.create(
        severity=target.severity, service=target.service, since=target.since, until=now, **former
    )
    target.since = now
    raise_version(target).save(update_fields=[*details, "since", "version"])
    record(verb="clock_target.changed", subject=target, actor=by, data={"before": before, "after": _of(target)})
    look_at_all(now=now)
    return target


@transaction.atomic
def withdraw_promise(*, target_id: uuid.UUID | str, by: Actor) -> None:
    """From now on it is not promised any more. The second call changes nothing."""
    target = _locked(target_id)
    if target.until is None:
        target.until = timezone.now()
        raise_version(target).save(update_fields=["until", "version"])
        record(verb="clock_target.withdrawn", subject=target, actor=by, data=_of(target))
        look_at_all(now=target.until)


@transaction.atomic
def set_deadline(
    *, incident_id: uuid.UUID, by: User, due_at: datetime, reason: str, version: int | None = None
) -> Incident:
    """This one has to be resolved by a moment that never moves by itself, whatever its severity promises."""
    now = timezone.now()
    check_reason(reason)
    if not now < due_at <= now + FURTHEST:
        raise Unfit(fields={"due_at": [_("Give a time that is still to come, within a year.")]})
    incident = lock(incident_id, version)
    if not incident.is_live:
        raise NoDeadline
    kept = {"due_at": due_at, "reason": reason.strip()[:300], "set_at": now, "set_by": by}
    Deadline.objects.update_or_create(incident=incident, defaults=kept)
    _write(incident, "set", due_at, by=by, now=now, text=reason)
    return incident


@transaction.atomic
def lift_deadline(*, incident_id: uuid.UUID, by: User, reason: str, version: int | None = None) -> Incident:
    """It is held to what its severity promises again. The second call changes nothing."""
    check_reason(reason)
    incident = lock(incident_id, version)
    deadline = Deadline.objects.filter(incident=incident).first()
    if deadline is not None:
        deadline.delete()
        _write(incident, "lifted", deadline.due_at, by=by, now=timezone.now(), text=reason)
    return incident


def keep_deadline(
    *, incident_id: uuid.UUID, by: User, due_at: datetime | None, reason: str, version: int | None = None
) -> Incident:
    """Set it, or lift it where there is no moment any more. See set_deadline and lift_deadline."""
    if due_at is None:
        return lift_deadline(incident_id=incident_id, by=by, reason=reason, version=version)
    return set_deadline(incident_id=incident_id, by=by, due_at=due_at, reason=reason, version=version)


@transaction.atomic
def begin_promises(*, working: Calendar, always: Calendar, by: Actor) -> None:
    """What a new installation promises; where something is promised already, nothing."""
    if ClockTarget.objects.exists():
        return
    for severity, (is_always, acknowledge, update, resolve) in SHIPPED.items():
        promise(
            severity=severity,
            calendar=always if is_always else working,
            acknowledge_within=acknowledge,
            update_every=update,
            resolve_within=resolve,
            by=by,
        )


def _write(incident: Incident, level: str, due_at: datetime, *, by: User, now: datetime, text: str) -> None:
    values = {"clock": "resolve", "level": level, "due_at": due_at.isoformat()}
    verb = f"incident.deadline_{level}"
    write_down(incident, EventKind.CLOCK, verb=verb, by=by, now=now, text=text.strip(), values=values)


def _locked(target_id: uuid.UUID | str, version: int | None = None) -> ClockTarget:
    rows = ClockTarget.objects.select_for_update(of=["self"]).select_related("calendar", "service")
    target = rows.get(pk=target_id, **({} if version is None else {"until": None}))
    check_version(target, version)
    return target


def _check(target: ClockTarget) -> None:
    try:
        target.full_clean()
    except ValidationError as error:
        wrong = {name: [str(sentence) for sentence in found] for name, found in error.message_dict.items()}
        raise Unfit(fields=wrong) from error
    if not any(getattr(target, name) for name in SPANS):
        raise Unfit(fields={"resolve_within": [_("Give one time at least.")]})


def _of(target: ClockTarget) -> dict[str, Any]:
    spans = {name: getattr(target, name) for name in SPANS}
    return {
        "severity": target.severity,
        "service": str(target.service_id) if target.service_id else None,
        "calendar": str(target.calendar_id),
        **{name: str(span) if span is not None else None for name, span in spans.items()},
    }
