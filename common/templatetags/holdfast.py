"""Figures, times and shared pieces for all templates."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.template.defaultfilters import filesizeformat
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from common import gauges, marks, own_names, spans

register = template.Library()


@register.filter
def duration(length: timedelta | None) -> str:
    """A measured length of time: "2 h 41 min"."""
    return spans.duration(length)


@register.filter
def own(named: Any) -> str:
    """What something is called: what the product named itself in the reader's language."""
    return own_names.shown(str(named))


@register.filter
def own_each(things: Iterable[Any]) -> list[str]:
    """The same of several."""
    return [own(each) for each in things]


@register.filter
def ago(instant: datetime | None) -> str:
    """How far from now: "3 days ago", "in 5 minutes"."""
    return spans.ago(instant)


@register.filter
def ago_short(instant: datetime | None) -> str:
    """The same where there is little room: "3 d ago"."""
    return spans.ago_short(instant)


@register.filter
def exact(instant: datetime | None) -> str:
    """The instant to the second with its zone, in the reader's zone."""
    if instant is None:
        return ""
    pattern = pgettext("date format", "j F Y, H:i:s")
    return f"{_written(instant, pattern)} {_zone(instant)}"


@register.filter
def moment(instant: datetime | None) -> str:
    """Day and time without seconds."""
    return _written(instant, pgettext("date format", "j F, H:i"))


@register.filter
def lasting(since: datetime | None) -> str:
    """How long something has lasted that still goes on: "24 min". Empty for None."""
    return "" if since is None else spans.duration(max(timezone.now() - since, timedelta(0)))


@register.filter
def day(instant: datetime | None) -> str:
    """The day alone."""
    return _written(instant, pgettext("date format", "j F Y"))


@register.filter
def day_of(value: date | None) -> str:
    """A day that is one by itself, as a due day: it has no zone. Empty for None."""
    return "" if value is None else formats.date_format(value, pgettext("date format", "j F Y"))


@register.filter
def short_day(instant: datetime | None) -> str:
    """Day and month where there is little room."""
    return _written(instant, pgettext("date format", "j M"))


@register.filter
def weekday(instant: datetime | None) -> str:
    """The day with its weekday, and the time."""
    return _written(instant, pgettext("date format", "l j F, H:i"))


@register.filter
def filesize(count: int | None) -> str:
    """A number of bytes: "1.2 MB". Empty for None."""
    return "" if count is None else filesizeformat(count)


@register.filter
def control(field: BoundField, hint: str = "") -> SafeString:
    """The input of a form field in the product's look, tied to its hint and its error for those who cannot see."""
    attrs: dict[str, str | bool] = {} if field.widget_type in {"checkbox", "radioselect"} else {"class": "field"}
    told = [f"{field.auto_id}_helptext"] if hint or field.help_text else []
    if field.errors:
        attrs["aria-invalid"] = "true"
        told.append(f"{field.auto_id}_error")
    if told:
        attrs["aria-describedby"] = " ".join(told)
    return field.as_widget(attrs=attrs)


register.simple_tag(marks.icon)
register.simple_tag(marks.tag)


@register.simple_tag
def when(at: datetime | None) -> str:
    """A relative time with the exact one on hover. Empty for None."""
    return "" if at is None else marks.time(at, exact=exact(at), shown=ago(at))


@register.inclusion_tag("components/gauge.html")
def gauge(
    measured: timedelta | None,
    target: timedelta | None,
    state: str = "proven",
    at: datetime | None = None,
    name: str = "",
    has_failed: bool = False,
    of: str = "",
) -> dict[str, Any]:
    """A measured length against its target.

    state: proven (solid), stale (hatched), unproven (red; hollow when nothing was measured), running (blue).
    has_failed: nothing was measured, because the last attempt failed.
    of: whose target it is, where that is not the one whose row it stands in.
    name: what was measured, where no column head says so.  What is not a length counts as not measured.
    """
    measured, target = (length if isinstance(length, timedelta) else None for length in (measured, target))
    family = {"proven": "ok", "stale": "warn", "unproven": "bad", "running": "info"}[state]
    if (measured is None and not has_failed) or (state == "unproven" and not target):
        family = "mute"
    return {
        "measured": measured,
        "target": target,
        "family": family,
        "is_hatched": state == "stale",
        "width": gauges.share(measured, target),
        "at": at,
        "name": name,
        "has_failed": has_failed,
        "of": of,
    }


def _zone(instant: datetime) -> str:
    """The reader's zone at this instant by its distance from UTC: names such as CST mean several."""
    offset = timezone.localtime(instant).utcoffset() or timedelta(0)
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    distance = f"{hours}:{minutes:02}" if minutes else str(hours)
    return f"UTC{'-' if offset < timedelta(0) else '+'}{distance}" if offset else "UTC"


def _written(instant: datetime | None, pattern: str) -> str:
    return "" if instant is None else formats.date_format(timezone.localtime(instant), pattern)
