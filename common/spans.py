"""Lengths of time and distances to now, in words of the reader's language."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SECOND = 1
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
#: Below this many minutes seconds still matter.
FINE_MINUTES = 10
#: From this many hours on, days are easier to read.
DAYS_FROM_HOURS = 72
#: Shorter than this is not told apart.
SMALLEST_SECONDS = 0.1
#: Nearer than this is "just now".
JUST_NOW_SECONDS = 45


def duration(length: timedelta | None) -> str:
    """A measured length: "0.4 s", "59 s", "4 min 5 s", "2 h 41 min", "3 d 4 h". Empty for None. Never breaks."""
    if length is None:
        return ""
    seconds = abs(length.total_seconds())
    if 0 < seconds < SMALLEST_SECONDS:
        return _fixed(_("< %(seconds)s s") % {"seconds": SMALLEST_SECONDS})
    if seconds < 10 and seconds != round(seconds):
        return _fixed(_("%(seconds)s s") % {"seconds": f"{seconds:.1f}"})
    whole = round(seconds)
    if whole < MINUTE:
        return _fixed(_("%(seconds)s s") % {"seconds": whole})
    if whole < FINE_MINUTES * MINUTE and whole % MINUTE:
        return _fixed(_("%(minutes)s min %(seconds)s s") % {"minutes": whole // MINUTE, "seconds": whole % MINUTE})
    minutes = whole // MINUTE
    if minutes < 60:
        return _fixed(_("%(minutes)s min") % {"minutes": minutes})
    hours, minutes = divmod(minutes, 60)
    if hours < DAYS_FROM_HOURS:
        return _hours(hours, minutes)
    days, hours = divmod(hours, 24)
    if hours:
        return _fixed(_("%(days)s d %(hours)s h") % {"days": days, "hours": hours})
    return _fixed(_("%(days)s d") % {"days": days})


def ago(instant: datetime | None, now: datetime | None = None) -> str:
    """How far an instant lies from now, in either direction: "3 days ago", "in 5 minutes", "just now"."""
    if instant is None:
        return ""
    seconds = ((now or timezone.now()) - instant).total_seconds()
    distance = abs(seconds)
    if distance < JUST_NOW_SECONDS:
        return _("just now")
    if distance < 90 * MINUTE:
        return _past_or_future(seconds, round(distance / MINUTE) or 1, "minute")
    if distance < 36 * HOUR:
        return _past_or_future(seconds, round(distance / HOUR), "hour")
    return _past_or_future(seconds, round(distance / DAY), "day")


def ago_short(instant: datetime | None, now: datetime | None = None) -> str:
    """How long ago, in figures that fit into a table: "3 d ago", "5 min ago"."""
    if instant is None:
        return ""
    passed = ((now or timezone.now()) - instant).total_seconds()
    if passed < JUST_NOW_SECONDS:
        return _("just now")
    if passed < 90 * MINUTE:
        return _fixed(_("%(minutes)s min ago") % {"minutes": round(passed / MINUTE) or 1})
    if passed < 36 * HOUR:
        return _fixed(_("%(hours)s h ago") % {"hours": round(passed / HOUR)})
    return _fixed(_("%(days)s d ago") % {"days": round(passed / DAY)})


def _hours(hours: int, minutes: int) -> str:
    if minutes:
        return _fixed(_("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes})
    return _fixed(_("%(hours)s h") % {"hours": hours})


def _past_or_future(seconds: float, count: int, unit: str) -> str:
    if seconds > 0:
        text = {
            "minute": ngettext("%(count)s minute ago", "%(count)s minutes ago", count),
            "hour": ngettext("%(count)s hour ago", "%(count)s hours ago", count),
            "day": ngettext("%(count)s day ago", "%(count)s days ago", count),
        }[unit]
    else:
        text = {
            "minute": ngettext("in %(count)s minute", "in %(count)s minutes", count),
            "hour": ngettext("in %(count)s hour", "in %(count)s hours", count),
            "day": ngettext("in %(count)s day", "in %(count)s days", count),
        }[unit]
    return text % {"count": count}


def _fixed(text: str) -> str:
    """With no-break spaces: a figure and its unit stay on one line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")
