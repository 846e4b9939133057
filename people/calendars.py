"""Counting time by the hours in which people work: by the wall clock of a zone, right when the clocks change.

Pure: no database, no settings, no clock of its own. `people.selectors.hours_of` makes `Hours` of what is stored.
Moments come back in UTC: Python subtracts and adds by the wall clock where two moments share another zone.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
NOTHING = timedelta(0)
MIDNIGHT = time(0)
#: What does not come about within so many years is unknown.
FURTHEST_YEARS = 12

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Window:
    """From `opens` until `closes`, by the wall clock. Midnight as its end is the end of the day."""

    opens: time
    closes: time


WHOLE_DAY = Window(MIDNIGHT, MIDNIGHT)


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day that is not like its weekday: a holiday, without windows, or a day that is worked."""

    windows: tuple[Window, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch in which time counts, or does not.  labels: the holidays in it."""

    is_open: bool
    since: datetime
    until: datetime
    labels: tuple[str, ...] = ()


class _Year:
    """One year of working hours: its windows by day, and how much was worked before each day."""

    def __init__(self, hours: "Hours", year: int) -> None:
        first, end = date(year, 1, 1), date(year + 1, 1, 1)
        self.days = [hours.spans(first + number * DAY) for number in range((end - first).days)]
        self.before, self.total = [], NOTHING
        for spans in self.days:
            self.before.append(self.total)
            self.total += sum((until - since for since, until in spans), NOTHING)


class Hours:
    """When time counts: windows for each weekday (Monday first), and days that are not like theirs, in one zone."""

    def __init__(
        self, zone: tzinfo, weekly: Sequence[Sequence[Window]], days: Mapping[date, OwnDay], name: str = ""
    ) -> None:
        self.zone, self.name, self.days = zone, name, dict(days)
        self.weekly = tuple(tuple(sorted(each, key=lambda window: window.opens)) for each in weekly)
        self.is_always = not self.days and all(each == (WHOLE_DAY,) for each in self.weekly)
        self.is_never = not any(self.weekly) and not any(each.windows for each in self.days.values())
        self._years: dict[int, _Year] = {}
        self._zones: dict[tzinfo, Hours] = {}

    def in_zone(self, zone: tzinfo) -> "Hours":
        """The same hours by the clock of another place."""
        if zone == self.zone:
            return self
        if zone not in self._zones:
            self._zones[zone] = Hours(zone, self.weekly, self.days, self.name)
        return self._zones[zone]

    def windows(self, day: date) -> tuple[Window, ...]:
        """What is worked on a day."""
        own = self.days.get(day)
        return self.weekly[day.weekday()] if own is None else own.windows

    def spans(self, day: date) -> list[Span]:
        """The same as moments, in order. What the clocks skip on that day is not among them."""
        found = []
        for window in self.windows(day):
            since = _moment(day, window.opens, self.zone)
            until = _moment(day + DAY if window.closes == MIDNIGHT else day, window.closes, self.zone)
            if since < until:
                found.append((since, until))
        return found

    def year(self, year: int) -> _Year:
        """Counted once for each year that is asked for."""
        if year not in self._years:
            self._years[year] = _Year(self, year)
        return self._years[year]


def counted(hours: Hours, since: datetime, until: datetime) -> timedelta:
    """How much of the time between two moments counts. Nothing when the second is the earlier one."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    if until <= since or hours.is_never:
        return NOTHING
    if hours.is_always:
        return until - since
    first, last = since.astimezone(hours.zone).date(), until.astimezone(hours.zone).date()
    between = sum((hours.year(year).total for year in range(first.year, last.year)), NOTHING)
    return max(between + _within(hours, last, until) - _within(hours, first, since), NOTHING)


def later(hours: Hours, since: datetime, span: timedelta) -> datetime | None:
    """The first moment at which `span` of working time has passed. None: not within twelve years."""
    since = since.astimezone(UTC)
    if span <= NOTHING:
        return since
    if hours.is_always:
        return since + span
    if hours.is_never:
        return None
    day = since.astimezone(hours.zone).date()
    wanted = _within(hours, day, since) + span
    for number in range(day.year, min(day.year + FURTHEST_YEARS, date.max.year)):
        year = hours.year(number)
        if wanted <= year.total:
            return _reached(year, wanted)
        wanted -= year.total
    return None


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """The moment itself while time counts, else the next one at which it does. None: never."""
    found = later(hours, at, TICK)
    return found - TICK if found else None


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether time counts at this moment."""
    return next_opening(hours, at) == at


def segments(hours: Hours, since: datetime, until: datetime) -> Iterator[Piece]:
    """The time between two moments, whole and without overlaps, in pieces that count and pieces that do not."""
    at, until = since.astimezone(UTC), until.astimezone(UTC)
    for opened, closed in _joined(hours, at, until):
        if at < opened:
            yield Piece(False, at, opened, _labels(hours, at, opened))
        yield Piece(True, opened, closed)
        at = closed
    if at < until:
        yield Piece(False, at, until, _labels(hours, at, until))


def _joined(hours: Hours, since: datetime, until: datetime) -> Iterator[Span]:
    """Windows cut to the time, those that touch as one."""
    if hours.is_always and since < until:
        yield since, until
        return
    current: Span | None = None
    for whole in _spans(hours, since, until):
        opened, closed = max(whole[0], since), min(whole[1], until)
        if opened >= closed:
            continue
        if current and opened <= current[1]:
            current = current[0], max(closed, current[1])
            continue
        if current:
            yield current
        current = opened, closed
    if current:
        yield current


def _spans(hours: Hours, since: datetime, until: datetime) -> Iterator[Span]:
    if hours.is_never:
        return
    day, last = since.astimezone(hours.zone).date(), until.astimezone(hours.zone).date()
    while day <= last:
        yield from hours.year(day.year).days[day.timetuple().tm_yday - 1]
        day += DAY


def _labels(hours: Hours, since: datetime, until: datetime) -> tuple[str, ...]:
    """The holidays between two moments, each once."""
    first, last = since.astimezone(hours.zone).date(), (until - TICK).astimezone(hours.zone).date()
    found = (own.label for day, own in sorted(hours.days.items()) if first <= day <= last and not own.windows)
    return tuple(dict.fromkeys(label for label in found if label))


def _within(hours: Hours, day: date, at: datetime) -> timedelta:
    """What was worked from the first of January until a moment of that day."""
    year, place = hours.year(day.year), day.timetuple().tm_yday - 1
    today = (min(closed, at) - opened for opened, closed in year.days[place] if opened < at)
    return year.before[place] + sum(today, NOTHING)


def _reached(year: _Year, wanted: timedelta) -> datetime:
    """When so much was worked in a year that holds it."""
    place = bisect_left(year.before, wanted) - 1
    rest = wanted - year.before[place]
    for opened, closed in year.days[place]:
        if rest <= closed - opened:
            return opened + rest
        rest -= closed - opened
    raise AssertionError("A year holds less than it says.")


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    """When the wall clock shows it: what comes twice, the first time; what is skipped, when it is skipped."""
    wall = datetime.combine(day, at, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None):
        return moment
    return _skip(wall.replace(fold=1).astimezone(UTC), moment, zone)


def _skip(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The moment between two at which the clocks go forward, to the second."""
    offset = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while low + 1 < high:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
