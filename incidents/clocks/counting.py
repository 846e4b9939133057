"""One clock: what happened, by which target, read at one moment. Pure; nothing that moves is ever stored.

A clock counts the time in which somebody could have worked on it, by the same calendar for what has passed and for
what is due. It explains itself as segments that follow each other without gaps and sum to its figure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from incidents.choices import State
from incidents.clocks.choices import MODES, NEAR, PAUSING, TAKEN_OVER, ClockKind, ClockState, Mode
from people.calendars import WHOLE_DAY, Hours, counted, is_open, later, next_opening, segments

NOTHING = timedelta(0)
ALWAYS = Hours(UTC, [(WHOLE_DAY,)] * 7, {})
#: A stretch that would fall into more pieces than this is told as one.
MOST_PIECES = 40


@dataclass(frozen=True, slots=True)
class Change:
    """From this moment on it was in this state.  reason: what it waited for."""

    at: datetime
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What clocks know of an incident: when it was reported, its states in order, when people were told."""

    reported_at: datetime
    changes: tuple[Change, ...] = ()
    updates: tuple[datetime, ...] = ()

    @classmethod
    def of(cls, reported_at: datetime, changes: Iterable[Change], updates: Iterable[datetime] = ()) -> Self:
        """In order, with nothing before the report."""
        ordered = sorted(changes, key=lambda change: change.at)
        return cls(
            reported_at,
            tuple(Change(max(each.at, reported_at), each.state, each.reason) for each in ordered),
            tuple(sorted(max(at, reported_at) for at in updates)),
        )

    @property
    def taken_over_at(self) -> datetime | None:
        """When somebody had it in hand for the first time."""
        return next((each.at for each in self.changes if each.state in TAKEN_OVER), None)

    @property
    def over_since(self) -> datetime | None:
        """Since when nobody has to do anything any more. None: somebody has."""
        found: datetime | None = None
        for each in self.changes:
            is_over = MODES[State(each.state)] == Mode.STOPPED
            found = (found or each.at) if is_over else None
        return found


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised. span: of working time.  until: an absolute moment instead, set by hand, which never moves."""

    kind: ClockKind
    span: timedelta | None = None
    hours: Hours = ALWAYS
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in one state."""

    mode: Mode
    since: datetime
    until: datetime
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the explanation. counted: what it adds to the figure.  labels: the holidays in it."""

    mode: Mode
    since: datetime
    until: datetime
    counted: timedelta
    state: str
    reason: str = ""
    labels: tuple[str, ...] = ()

    @property
    def counted_seconds(self) -> float:
        """The same for programs."""
        return self.counted.total_seconds()


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock, read at one moment.

    counted: the figure.  due_at: when the time is over; None while it is paused, or never.
    near_at: when three quarters of it are.  since, until: the time it looks at; it goes on while `is_ticking`.
    """

    kind: ClockKind
    state: ClockState
    counted: timedelta
    target: Target
    since: datetime
    until: datetime
    due_at: datetime | None
    near_at: datetime | None
    is_ticking: bool
    stretches: tuple[Stretch, ...]

    @property
    def counted_seconds(self) -> float:
        """The figure for programs."""
        return self.counted.total_seconds()

    @property
    def target_seconds(self) -> float:
        """How long it may take, for programs."""
        return self.span.total_seconds()

    @property
    def is_absolute(self) -> bool:
        """Whether its end was set by hand."""
        return self.target.until is not None

    @property
    def span(self) -> timedelta:
        """How long it may take."""
        if self.target.until is not None:
            return max(self.target.until - self.since, NOTHING)
        return self.target.span or NOTHING

    @property
    def left(self) -> timedelta:
        """How much of it is left. Nothing once it is over."""
        return max(self.span - self.counted, NOTHING)

    @property
    def is_open(self) -> bool:
        """Whether something still has to happen."""
        return self.is_ticking or self.state == ClockState.PAUSED

    @property
    def has_begun(self) -> bool:
        """Whether anything of it counted yet, or counts now: what was reported at night has not before the morning."""
        return (
            self.counted > NOTHING or not self.is_open or (self.is_ticking and is_open(self.target.hours, self.until))
        )

    @property
    def begins_at(self) -> datetime | None:
        """From when on it will count. None: it has begun, it waits, or its calendar never opens."""
        return None if self.has_begun or not self.is_ticking else next_opening(self.target.hours, self.until)

    def segments(self) -> list[Segment]:
        """The explanation: from `since` to `until` without gaps, together exactly the figure."""
        return [segment for stretch in self.stretches for segment in _explained(stretch, self.target.hours)]


def clock(history: History, target: Target, now: datetime) -> Clock | None:
    """The clock at this moment. None: there is nothing it could count, such as the next update of what is over."""
    since, until = _time_of(history, target.kind, now)
    if since is None or until < since:
        return None
    stretches = tuple(_stretches(history, since, until, is_absolute=target.until is not None))
    last = stretches[-1].mode if stretches else Mode.COUNTED
    is_taken = target.kind == ClockKind.ACKNOWLEDGE and history.taken_over_at is not None
    is_over = is_taken or history.over_since is not None
    is_ticking = not is_over and last == Mode.COUNTED
    due_at, near_at = _moments(target, stretches, since, goes_on=is_ticking)
    return Clock(
        kind=target.kind,
        state=_state(due_at, until, is_over=is_over, is_ticking=is_ticking),
        counted=sum((_count(each, target.hours) for each in stretches), NOTHING),
        target=target,
        since=since,
        until=until,
        due_at=due_at,
        near_at=near_at,
        is_ticking=is_ticking,
        stretches=stretches,
    )


def strictest(clocks: Iterable[Clock], now: datetime) -> Clock | None:
    """Of several promises about the same thing, the one that is over first."""
    return min(clocks, key=lambda each: _over_at(each, now), default=None)


def _over_at(each: Clock, now: datetime) -> datetime:
    """When it is over if it goes on now. Far away where nobody can say."""
    expected = each.due_at or later(each.target.hours, now, each.left)
    return expected or datetime.max.replace(tzinfo=UTC)


def _time_of(history: History, kind: ClockKind, now: datetime) -> tuple[datetime | None, datetime]:
    """From when to when a clock looks."""
    end = history.over_since or now
    if kind == ClockKind.ACKNOWLEDGE:
        taken = history.taken_over_at
        return history.reported_at, min(taken, end) if taken else end
    if kind == ClockKind.UPDATE:
        last = history.updates[-1] if history.updates else history.reported_at
        return (None if history.over_since else last), end
    return history.reported_at, end


def _stretches(history: History, since: datetime, until: datetime, *, is_absolute: bool) -> Iterator[Stretch]:
    """The states between two moments. A date that was set by hand does not wait for anybody."""
    points = [Change(history.reported_at, State.TRIAGE), *history.changes]
    for place, change in enumerate(points):
        ends = points[place + 1].at if place + 1 < len(points) else until
        first, last = max(change.at, since), min(ends, until)
        if first < last:
            mode = MODES[State(change.state)]
            goes_on = mode == Mode.PAUSED and (is_absolute or change.reason not in PAUSING)
            yield Stretch(Mode.COUNTED if goes_on else mode, first, last, change.state, change.reason)


def _count(stretch: Stretch, hours: Hours) -> timedelta:
    return counted(hours, stretch.since, stretch.until) if stretch.mode == Mode.COUNTED else NOTHING


def _reached(stretches: tuple[Stretch, ...], hours: Hours, span: timedelta, *, goes_on: bool) -> datetime | None:
    """When so much had been, or will have been, counted. None: never, or nobody knows while it is paused."""
    rest = span
    for place, stretch in enumerate(stretches):
        if stretch.mode != Mode.COUNTED:
            continue
        done = _count(stretch, hours)
        is_last = goes_on and place == len(stretches) - 1
        if done >= rest or is_last:
            at = later(hours, stretch.since, rest)
            if is_last or (at is not None and at < stretch.until):
                return at
        rest = max(rest - done, NOTHING)
    return None


def _moments(
    target: Target, stretches: tuple[Stretch, ...], since: datetime, *, goes_on: bool
) -> tuple[datetime | None, datetime | None]:
    """When the time is over, and when three quarters of it are."""
    if target.until is not None:
        return target.until, since + (target.until - since) * NEAR
    span = target.span or NOTHING
    if goes_on and not stretches:
        return later(target.hours, since, span), later(target.hours, since, span * NEAR)
    due_at = _reached(stretches, target.hours, span, goes_on=goes_on)
    return due_at, _reached(stretches, target.hours, span * NEAR, goes_on=goes_on)


def _state(due_at: datetime | None, until: datetime, *, is_over: bool, is_ticking: bool) -> ClockState:
    if due_at is not None and (due_at < until or (is_ticking and due_at == until)):
        return ClockState.BREACHED
    if is_over:
        return ClockState.MET
    return ClockState.RUNNING if is_ticking else ClockState.PAUSED


def _explained(stretch: Stretch, hours: Hours) -> Iterator[Segment]:
    """A stretch in pieces by the calendar; one of very many as a whole."""
    said = (stretch.state, stretch.reason)
    if stretch.mode != Mode.COUNTED:
        yield Segment(stretch.mode, stretch.since, stretch.until, NOTHING, *said)
        return
    pieces: list[Segment] = []
    for piece in segments(hours, stretch.since, stretch.until):
        if len(pieces) == MOST_PIECES:
            yield Segment(Mode.COUNTED, stretch.since, stretch.until, _count(stretch, hours), *said)
            return
        mode = Mode.COUNTED if piece.is_open else Mode.CLOSED
        length = piece.until - piece.since if piece.is_open else NOTHING
        pieces.append(Segment(mode, piece.since, piece.until, length, *said, piece.labels))
    yield from pieces
