"""Clocks as pages show them: a face that runs, a bar, a word, and how the figure came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import spans
from incidents.choices import HoldReason, State
from incidents.clocks.choices import ClockKind, ClockState, Mode
from incidents.clocks.counting import Clock, Segment
from incidents.clocks.reading import Clocks
from incidents.models import Incident
from people.calendars import next_opening

register = template.Library()

NOTHING = timedelta(0)
#: state → (family, shape, bar)
LOOKS = {
    ClockState.RUNNING: ("info", "s-running", "bar-act"),
    ClockState.PAUSED: ("hold", "s-hold", "bar-mute"),
    ClockState.MET: ("ok", "s-proven", "bar-ok"),
    ClockState.BREACHED: ("bad", "s-fail", "bar-bad"),
}
SOON = ("warn", "s-warn", "bar-warn")
NOT_BEGUN = ("mute", "s-open", "bar-mute")
#: A pause is as wide as this on the bar, however long it was.
PAUSE_SHARE = 3.0


@dataclass(frozen=True)
class Bar:
    """One piece of the bar, in per cent."""

    look: str
    at: float
    width: float


@dataclass(frozen=True)
class Face:
    """One clock in words. live: which way its figure runs by itself; moment: from or to which it does."""

    name: str
    family: str
    shape: str
    word: str
    figure: str
    beside: str
    live: str
    moment: datetime | None
    note: str
    bars: list[Bar]
    explained: list["Line"]


@dataclass(frozen=True)
class Line:
    """One segment in words."""

    look: str
    words: str
    since: datetime
    until: datetime
    counted: str


@register.simple_tag
def faces_of(clocks: Clocks, now: datetime) -> list[Face]:
    """All clocks of one incident, what is pressing first."""
    open_ones = sorted((each for each in clocks.all if each.is_open), key=lambda each: each is not clocks.pressing)
    return [_face(each, now) for each in (*open_ones, *(each for each in clocks.all if not each.is_open))]


@register.inclusion_tag("incidents/page/_clock_brief.html")
def clock_brief(clocks: Mapping[UUID, Clocks], incident: Incident) -> dict[str, Any]:
    """What is due next, where there is little room: in a list or on a card. clocks: of `selectors.clocks_of`."""
    found = clocks.get(incident.pk)
    pressing = found.pressing if found else None
    if pressing is None:
        return {"clock": None}
    family, shape, _bar = _look(pressing, timezone.now())
    return {"clock": pressing, "family": family, "shape": shape, "name": ClockKind(pressing.kind).label}


@register.filter
def unlocalized(figure: float) -> str:
    """A figure as machines write it, whatever the language."""
    return f"{figure:.2f}"


def _face(clock: Clock, now: datetime) -> Face:
    family, shape, bar = _look(clock, now)
    figure, beside, live, moment = _figure(clock, now)
    return Face(
        name=str(ClockKind(clock.kind).label),
        family=family,
        shape=shape,
        word=_word(clock, (family, shape, bar)),
        figure=figure,
        beside=beside,
        live=live,
        moment=moment,
        note=_note(clock, now),
        bars=_bars(clock, bar),
        explained=[_line(segment) for segment in clock.segments()],
    )


def _word(clock: Clock, look: tuple[str, str, str]) -> str:
    words = {SOON: _("Due soon"), NOT_BEGUN: _("Not begun")}
    return words.get(look, str(ClockState(clock.state).label))


def _look(clock: Clock, now: datetime) -> tuple[str, str, str]:
    if clock.state == ClockState.RUNNING and not clock.has_begun:
        return NOT_BEGUN
    is_soon = clock.state == ClockState.RUNNING and clock.near_at is not None and clock.near_at <= now
    return SOON if is_soon else LOOKS[clock.state]


def _figure(clock: Clock, now: datetime) -> tuple[str, str, str, datetime | None]:
    """(figure, what stands beside it, which way it runs, from or to which moment).

    It runs only while time counts: the page is drawn anew before that has changed for long.
    """
    span, runs = spans.duration(clock.span), clock.is_ticking and next_opening(clock.target.hours, now) == now
    beside = _("of %(span)s") % {"span": span}
    if not clock.has_begun:
        return spans.duration(clock.left), "", "", None
    if clock.is_absolute and clock.is_ticking and clock.due_at is not None:
        return _either(now - clock.due_at, now, runs=True)
    if clock.state == ClockState.BREACHED and clock.is_ticking:
        return _either(clock.counted - clock.span, now, runs=runs)
    if clock.is_ticking and clock.kind != ClockKind.RESOLVE:
        return _either(-clock.left, now, runs=runs)
    if clock.is_open:
        return digits(clock.counted), beside, "up" if runs else "", now - clock.counted if runs else None
    return spans.duration(clock.counted), beside, "", None


def _either(late: timedelta, now: datetime, *, runs: bool) -> tuple[str, str, str, datetime | None]:
    """How late it is, or how much is left."""
    if late > NOTHING:
        return digits(late), _("late"), "up" if runs else "", now - late if runs else None
    return digits(-late), _("left"), "down" if runs else "", now - late if runs else None


def digits(length: timedelta) -> str:
    """1:04:40, or 6:12: as the page's script writes it."""
    whole = max(int(length.total_seconds()), 0)
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _note(clock: Clock, now: datetime) -> str:
    if clock.state == ClockState.PAUSED:
        return _("It waits. %(left)s are left when it goes on.") % {"left": spans.duration(clock.left)}
    if not clock.is_open:
        return _("ended %(time)s") % {"time": moment(clock.until)}
    if clock.due_at is None:
        return _("Nobody knows when this is due: its calendar never opens again.")
    values = {"time": moment(clock.due_at), "calendar": clock.target.hours.name}
    if clock.is_absolute:
        return _("due %(time)s, set by hand") % values
    if clock.begins_at is not None:
        return _("Counts from %(opening)s on, due %(time)s") % {**values, "opening": moment(clock.begins_at)}
    opening = next_opening(clock.target.hours, now)
    if clock.is_ticking and opening is not None and opening > now:
        return _("Goes on %(opening)s, due %(time)s") % {**values, "opening": moment(opening)}
    return _("due %(time)s, by “%(calendar)s”") % values if values["calendar"] else _("due %(time)s") % values


def moment(at: datetime) -> str:
    """The time of today, else with its day."""
    here = timezone.localtime(at)
    is_today = here.date() == timezone.localdate()
    return formats.date_format(here, "H:i" if is_today else pgettext("date format", "j F, H:i"))


def _bars(clock: Clock, look: str) -> list[Bar]:
    """What was counted, with a gap for each pause, against what it may take."""
    pauses = sum(each.mode == Mode.PAUSED for each in clock.stretches[:20])
    whole = max(clock.span, clock.counted, timedelta(seconds=1))
    room, at, found = 100 - PAUSE_SHARE * min(pauses, 10), 0.0, []
    for segment in _merged(clock):
        is_counted = segment[0] == Mode.COUNTED
        width = segment[1] / whole * room if is_counted else PAUSE_SHARE
        found.append(Bar(look if is_counted else "bar-mute", round(at, 2), round(min(width, 100 - at), 2)))
        at = min(at + width, 100.0)
    return found


def _merged(clock: Clock) -> list[tuple[Mode, timedelta]]:
    """Counted and paused in turn; what was outside working hours, or over, takes no room."""
    found: list[tuple[Mode, timedelta]] = []
    for segment in clock.segments():
        if segment.mode not in (Mode.COUNTED, Mode.PAUSED):
            continue
        if found and found[-1][0] == segment.mode:
            found[-1] = (segment.mode, found[-1][1] + segment.counted)
        else:
            found.append((segment.mode, segment.counted))
    return found[:20]


def _line(segment: Segment) -> Line:
    state = State(segment.state).label
    words = {
        Mode.COUNTED: str(state),
        Mode.PAUSED: str(HoldReason(segment.reason).label) if segment.reason else str(state),
        Mode.CLOSED: ", ".join(segment.labels) or str(Mode.CLOSED.label),
        Mode.STOPPED: str(state),
    }[segment.mode]
    looks = {Mode.COUNTED: "info", Mode.PAUSED: "hold", Mode.CLOSED: "mute", Mode.STOPPED: "mute"}
    counted = spans.duration(segment.counted) if segment.mode == Mode.COUNTED else str(segment.mode.label)
    return Line(looks[segment.mode], words, segment.since, segment.until, counted)
