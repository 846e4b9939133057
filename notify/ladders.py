"""When a reminder speaks: days before and after, in the working hours of the person, right on both sides of DST."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.conf import settings

from notify.choices import Audience

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rung:
    """One step of a ladder: so many days from the due day (below zero: before it), and who hears of it."""

    days: int
    audience: str = Audience.OWNER


Ladder = Iterable["Rung | int"]

#: Two weeks and three days before, on the day, three days after; then the manager hears of it too.
DEFAULT_LADDER = (Rung(-14), Rung(-3), Rung(0), Rung(3), Rung(7, Audience.MANAGER), Rung(14, Audience.MANAGER))


def rungs_of(ladder: Ladder | None) -> list[Rung]:
    """The ladder in order; a number alone is a rung for the owner. Raises ValueError for none, or two on one day."""
    rungs = [Rung(each) if isinstance(each, int) else each for each in (DEFAULT_LADDER if ladder is None else ladder)]
    rungs.sort(key=lambda rung: rung.days)
    if not rungs or len({rung.days for rung in rungs}) != len(rungs):
        raise ValueError("A ladder has a rung at least, and one a day at most.")
    return rungs


def moment_of(rung: Rung, due_at: datetime, zone: tzinfo) -> datetime:
    """When the rung speaks: as work begins on its day.

    On a day off, what comes before the due moment speaks on the last working day before, the rest on the next.
    """
    day = due_at.astimezone(zone).date() + rung.days * DAY
    step = DAY if rung.days > 0 else -DAY
    while not _is_worked(day) or (rung.days <= 0 and _opens(day, zone) > due_at):
        day += step
    return _opens(day, zone)


def last_passed(rungs: Sequence[Rung], due_at: datetime, zone: tzinfo, now: datetime) -> int | None:
    """The place of the newest rung that should have spoken by now. None while the first is still to come."""
    passed = [place for place, rung in enumerate(rungs) if moment_of(rung, due_at, zone) <= now]
    return passed[-1] if passed else None


def quiet_until(now: datetime, zone: tzinfo) -> datetime | None:
    """When the next working hours begin. None while people work."""
    day = now.astimezone(zone).date()
    if _is_worked(day) and now < _opens(day, zone):
        return _opens(day, zone)
    if _is_worked(day) and now < _closes(day, zone):
        return None
    day += DAY
    while not _is_worked(day):
        day += DAY
    return _opens(day, zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last minute of a day: what is due on a day is in time until then."""
    return datetime.combine(day, time(23, 59), tzinfo=zone)


def _is_worked(day: date) -> bool:
    return day.weekday() in settings.WORKING_HOURS.days


def _opens(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, settings.WORKING_HOURS.start, tzinfo=zone)


def _closes(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, settings.WORKING_HOURS.end, tzinfo=zone)
