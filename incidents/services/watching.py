"""Clocks that are near their end, or over: who has to know is told, once, and only while it is still so."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from common.jobs import enqueue
from incidents import jobs
from incidents.choices import LIVE, URGENT_SEVERITY, EventKind
from incidents.clocks.choices import ClockKind, ClockState, NoticeLevel
from incidents.clocks.counting import Clock
from incidents.clocks.looking import LONGEST, looks_due
from incidents.clocks.reading import Clocks, clocks_of
from incidents.models import ClockLook, ClockNotice, Incident
from incidents.services.audience import tell_workers, urgency_of
from incidents.services.rows import write_down
from notify.choices import Urgency
from notify.services import tell
from people.calendars import is_open, next_opening
from people.selectors import manager_of

log = logging.getLogger(__name__)

BY = "system:clocks"
AT_ONCE = 50
ROUND_SECONDS = 20.0
#: What cannot be told, or is being changed at this moment, is looked at again after this long.
PAUSE = timedelta(seconds=30)
#: Work that ends at five ends with a message shortly after five.
GRACE = timedelta(minutes=10)
#: What was over this long before anybody looked is noted, and no news.
STALE = timedelta(hours=24)

Key = tuple[UUID, str, str, datetime]


def hand_out_looks(*, now: datetime) -> None:
    """Queue one job when a clock is to be looked at, however many."""
    with transaction.atomic():
        if looks_due(now).exists():
            enqueue(jobs.LOOK_AT_CLOCKS)


def look_at_clocks(*, now: datetime | None = None) -> int:
    """Look at what is due. Returns how many incidents were looked at. Several at once are harmless."""
    seen, until = 0, time.monotonic() + ROUND_SECONDS
    while count := _some(now or timezone.now()):
        seen += count
        if time.monotonic() > until:
            with transaction.atomic():
                enqueue(jobs.LOOK_AT_CLOCKS)
            break
    return seen


@transaction.atomic
def _some(now: datetime) -> int:
    looks = list(looks_due(now).select_for_update(skip_locked=True, of=["self"])[:AT_ONCE])
    if not looks:
        return 0
    live = Incident.objects.filter(pk__in=[look.incident_id for look in looks], state__in=LIVE)
    read = clocks_of(live, now)
    given = _given(read)
    for look in looks:
        look.at = _look(look.incident_id, read[look.incident_id], given, now) if look.incident_id in read else now
    ClockLook.objects.bulk_update([look for look in looks if look.incident_id in read], ["at"])
    ClockLook.objects.filter(pk__in=[look.pk for look in looks if look.incident_id not in read]).delete()
    return len(looks)


def _look(incident_id: UUID, clocks: Clocks, given: set[Key], now: datetime) -> datetime:
    """Tell what is to be told of one incident. Returns when to look again."""
    if not any(_wanted(incident_id, each, given, now) for each in clocks.all):
        return _next(incident_id, clocks, given, now)
    try:
        with transaction.atomic():
            return _tell(incident_id, given, now)
    except Exception:
        # One that cannot be told, for whatever reason, holds up no other.
        log.exception("clocks of incident %s could not be told", incident_id)
        return now + PAUSE


def _tell(incident_id: UUID, given: set[Key], now: datetime) -> datetime:
    """Read anew under the lock of the row: what changed a moment ago is not told any more."""
    incident = Incident.objects.select_for_update(skip_locked=True).filter(pk=incident_id).first()
    if incident is None:
        return now + PAUSE
    clocks = clocks_of([incident], now)[incident_id]
    for each in clocks.all:
        for level in _wanted(incident_id, each, given, now):
            given.add(_key(incident_id, each, level))
            if _note(incident, each, level, now):
                _say(incident, each, level, now)
    return _next(incident_id, clocks, given, now)


def _wanted(incident_id: UUID, clock: Clock, given: set[Key], now: datetime) -> list[NoticeLevel]:
    """The newest level that was reached and is not told yet; none while it waits, or while nobody works."""
    if not clock.is_ticking or clock.due_at is None:
        return []
    is_over = clock.state == ClockState.BREACHED
    reached_at = clock.due_at if is_over else clock.near_at
    if reached_at is None or reached_at > now:
        return []
    level = NoticeLevel.OVER if is_over else NoticeLevel.NEAR
    if _key(incident_id, clock, level) in given or not _is_time(clock, reached_at, now):
        return []
    return [level]


def _is_time(clock: Clock, reached_at: datetime, now: datetime) -> bool:
    """No mails at midnight about what counts in working hours. A date that was set by hand counts always."""
    return now - reached_at <= GRACE or is_open(clock.target.hours, now)


def _next(incident_id: UUID, clocks: Clocks, given: set[Key], now: datetime) -> datetime:
    """When something may have to be told, and within an hour at the latest."""
    moments = [now + LONGEST]
    for each in clocks.all:
        if not each.is_ticking:
            continue
        for level, at in ((NoticeLevel.NEAR, each.near_at), (NoticeLevel.OVER, each.due_at)):
            if at is None or _key(incident_id, each, level) in given:
                continue
            if at > now:
                moments.append(at)
            elif level == NoticeLevel.OVER or each.state != ClockState.BREACHED:
                moments.append(max(next_opening(each.target.hours, now) or now + LONGEST, now + PAUSE))
    return min(moments)


def _note(incident: Incident, clock: Clock, level: NoticeLevel, now: datetime) -> bool:
    """Write down that it was told. False: it was before, or it is old news."""
    due_at = clock.due_at or now
    _row, is_new = ClockNotice.objects.get_or_create(
        incident=incident,
        kind=clock.kind,
        level=level,
        began_at=_began(clock),
        defaults={"due_at": due_at, "is_told": now - due_at <= STALE},
    )
    return is_new and now - due_at <= STALE


def _say(incident: Incident, clock: Clock, level: NoticeLevel, now: datetime) -> None:
    """The one in charge, else those who could be. Too late, and severe: who answers for that person, too."""
    kind = "incident.clock_over" if level == NoticeLevel.OVER else "incident.clock_near"
    said: dict[str, Any] = {"clock": ClockKind(clock.kind).label, "clock_kind": str(clock.kind), "due_at": clock.due_at}
    if level == NoticeLevel.OVER:
        due_at = clock.due_at.isoformat() if clock.due_at else ""
        values = {"clock": str(clock.kind), "level": str(level), "due_at": due_at}
        write_down(incident, EventKind.CLOCK, verb="incident.clock_over", by=BY, now=now, values=values)
    urgency = urgency_of(incident) if level == NoticeLevel.OVER else Urgency.NORMAL
    tell_workers(incident, kind, urgency=urgency, **said)
    manager = manager_of(incident.owner) if incident.owner else None
    if level == NoticeLevel.OVER and manager is not None and incident.severity <= URGENT_SEVERITY:
        context = {"incident": incident, **said}
        tell(kind=kind, about=incident, to=[manager], context=context, urgency=urgency, but=[incident.owner])


def _given(read: dict[UUID, Clocks]) -> set[Key]:
    rows = ClockNotice.objects.filter(incident__in=read)
    return set(rows.values_list("incident_id", "kind", "level", "began_at"))


def _key(incident_id: UUID, clock: Clock, level: str) -> Key:
    return incident_id, str(clock.kind), str(level), _began(clock)


def _began(clock: Clock) -> datetime:
    """Which clock it is: each update begins another one, and so does another deadline."""
    return clock.target.until or clock.since
