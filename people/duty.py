"""Who has a duty when: a pure function of the plan, right on both sides of DST.

Turns are counted by the wall clock of the roster's zone, so a hand-over at nine stays at nine when the clocks
change; the turn in which they do is an hour shorter or longer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from people.choices import Period

UNIT = {Period.HOURS: timedelta(hours=1), Period.DAYS: timedelta(days=1), Period.WEEKS: timedelta(weeks=1)}
DAY = timedelta(days=1)


class Why(StrEnum):
    """Why somebody has the duty."""

    ROTATION = "rotation"
    OVERRIDE = "override"


@dataclass(frozen=True)
class Turns:
    """One rotation. people: in their order.  weekdays: Monday is 0.  hours: None is the whole day."""

    people: tuple[UUID, ...]
    starts_on: date
    hand_over_at: time
    period: str = Period.WEEKS
    length: int = 1
    ends_on: date | None = None
    weekdays: frozenset[int] = frozenset(range(7))
    hours: tuple[time, time] | None = None
    name: str = ""


@dataclass(frozen=True)
class Instead:
    """One override. reason: as it was written."""

    person: UUID
    since: datetime
    until: datetime
    reason: str = ""
    id: UUID | None = None


@dataclass(frozen=True)
class Plan:
    """A roster as it is planned. rotations: the first that has somebody counts.  overrides: newest first."""

    zone: ZoneInfo
    rotations: tuple[Turns, ...] = ()
    overrides: tuple[Instead, ...] = ()


@dataclass(frozen=True)
class Shift:
    """One person's time on duty. name: of the rotation, or why the override.  override: its id."""

    person: UUID
    since: datetime
    until: datetime
    why: Why
    name: str = ""
    override: UUID | None = None


@dataclass(frozen=True)
class Gap:
    """A time in which nobody has the duty."""

    since: datetime
    until: datetime


def shifts(plan: Plan, since: datetime, until: datetime) -> tuple[list[Shift], list[Gap]]:
    """Who has the duty from `since` to `until`, in order, and when nobody has. Both together fill the time."""
    found: list[Shift] = []
    for source in _sources(plan, since, until):
        found = _merged(found, source)
    return _joined(found), _gaps(found, since, until)


def _sources(plan: Plan, since: datetime, until: datetime) -> Iterator[list[Shift]]:
    """Everything that names somebody, what counts more first."""
    for each in plan.overrides:
        begins, ends = max(each.since, since), min(each.until, until)
        if begins < ends:
            yield [Shift(each.person, begins, ends, Why.OVERRIDE, each.reason, each.id)]
    for turns in plan.rotations:
        if turns.people:
            yield list(_of_rotation(turns, plan.zone, since, until))


def _of_rotation(turns: Turns, zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[Shift]:
    step = UNIT[Period(turns.period)] * turns.length
    start = datetime.combine(turns.starts_on, turns.hand_over_at)
    end = _at(datetime.combine(turns.ends_on, turns.hand_over_at), zone) if turns.ends_on else until
    until = min(until, end)
    # A day of margin: a wall clock that was set back shows the same time twice.
    number = max((_wall(since, zone) - DAY - start) // step, 0)
    while (begins := _at(start + number * step, zone)) < until:
        ends = _at(start + (number + 1) * step, zone)
        person = turns.people[number % len(turns.people)]
        for opens, closes in _open(turns, zone, max(begins, since), min(ends, until)):
            yield Shift(person, opens, closes, Why.ROTATION, turns.name)
        number += 1


def _open(turns: Turns, zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The parts of this time in which the rotation counts at all."""
    if since >= until:
        return
    if turns.hours is None and len(turns.weekdays) == 7:
        yield since, until
        return
    day, last = _wall(since, zone).date() - DAY, _wall(until, zone).date()
    while day <= last:
        if day.weekday() in turns.weekdays:
            opens, closes = _hours_of(turns, day)
            begins, ends = max(_at(opens, zone), since), min(_at(closes, zone), until)
            if begins < ends:
                yield begins, ends
        day += DAY


def _hours_of(turns: Turns, day: date) -> tuple[datetime, datetime]:
    opens, closes = turns.hours or (time(), time())
    return datetime.combine(day, opens), datetime.combine(day + DAY if closes <= opens else day, closes)


def _at(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall time. One that the clocks skip is moved on; of one that comes twice it is the first."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def _merged(first: list[Shift], second: Iterable[Shift]) -> list[Shift]:
    """The first, and of the second what lies in times that the first leaves free. In order."""
    added: list[Shift] = []
    place = 0
    for shift in second:
        begins = shift.since
        while place < len(first) and first[place].until <= begins:
            place += 1
        at = place
        while begins < shift.until and at < len(first) and first[at].since < shift.until:
            if begins < first[at].since:
                added.append(replace(shift, since=begins, until=first[at].since))
            begins = max(begins, first[at].until)
            at += 1
        if begins < shift.until:
            added.append(replace(shift, since=begins))
    return sorted([*first, *added], key=lambda shift: shift.since)


def _joined(found: list[Shift]) -> list[Shift]:
    """Turns of one person that follow each other for the same reason are one."""
    joined: list[Shift] = []
    for shift in found:
        if (
            joined
            and joined[-1].until == shift.since
            and replace(joined[-1], since=shift.since) == replace(shift, until=joined[-1].until)
        ):
            joined[-1] = replace(joined[-1], until=shift.until)
        else:
            joined.append(shift)
    return joined


def _gaps(found: list[Shift], since: datetime, until: datetime) -> list[Gap]:
    gaps: list[Gap] = []
    free_from = since
    for shift in found:
        if free_from < shift.since:
            gaps.append(Gap(free_from, shift.since))
        free_from = max(free_from, shift.until)
    return [*gaps, Gap(free_from, until)] if free_from < until else gaps
