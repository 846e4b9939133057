"""When a reminder speaks: days before and after, in the working hours of the person, right on both sides of DST."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from notify.choices import Audience
from people.calendars import Hours, next_opening

DAY = timedelta(days=1)
LONGEST_LEAVE = 366


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


def moment_of(rung: Rung, due_at: datetime, hours: Hours) -> datetime:
    """When the rung speaks: as work begins on its day.

    On a day off, what comes before the due moment speaks on the last working day before, the rest on the next. Where
    nobody works for a year, it speaks on its day all the same: said at the wrong time is better than never.
    """
    wanted = due_at.astimezone(hours.zone).date() + rung.days * DAY
    step = DAY if rung.days > 0 else -DAY
    for passed in range(LONGEST_LEAVE):
        opens = _opens(wanted + passed * step, hours)
        if opens is not None and (rung.days > 0 or opens <= due_at):
            return opens
    return datetime.combine(wanted, time(9), tzinfo=hours.zone)


def last_passed(rungs: Sequence[Rung], due_at: datetime, hours: Hours, now: datetime) -> int | None:
    """The place of the newest rung that should have spoken by now. None while the first is still to come."""
    passed = [place for place, rung in enumerate(rungs) if moment_of(rung, due_at, hours) <= now]
    return passed[-1] if passed else None


def quiet_until(now: datetime, hours: Hours) -> datetime | None:
    """When people work again. None while they do, and where they never do."""
    opens = next_opening(hours, now)
    return opens if opens is not None and opens > now else None


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last minute of a day: what is due on a day is in time until then."""
    return datetime.combine(day, time(23, 59), tzinfo=zone)


def _opens(day: date, hours: Hours) -> datetime | None:
    """When work begins on a day. None: it does not."""
    spans = hours.spans(day)
    return spans[0][0] if spans else None
