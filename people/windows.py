"""Working hours as people write them: “09:00-12:00, 13:30-18:00”."""

import re
from collections.abc import Iterable
from datetime import time
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.calendars import MIDNIGHT, Window

ONE = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–—~至到]\s*([01]?\d|2[0-4]):([0-5]\d)")
MOST = 12


def read_windows(text: str) -> tuple[Window, ...]:
    """The windows of one day, in order; empty for a day off. Raises ValidationError."""
    found = [_one(each.strip()) for each in re.split(r"[,;，；、\n]", text) if each.strip()]
    return check_windows(found)


def check_windows(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The windows of one day, in order. Raises ValidationError where one ends before it begins, or two overlap."""
    found = tuple(sorted(windows, key=lambda window: window.opens))
    if len(found) > MOST:
        raise ValidationError(_("That is too much for one day."))
    for window in found:
        if window.closes != MIDNIGHT and window.closes <= window.opens:
            raise ValidationError(_("Each time ends later on the same day than it begins. The day ends at 24:00."))
    for one, other in pairwise(found):
        if one.closes == MIDNIGHT or one.closes > other.opens:
            raise ValidationError(_("Two of these times overlap."))
    return found


def write_windows(windows: Iterable[Window]) -> str:
    """The same in words, which `read_windows` understands. Empty for a day off."""
    return ", ".join(f"{each.opens:%H:%M}-{_end(each.closes)}" for each in windows)


def _end(closes: time) -> str:
    return "24:00" if closes == MIDNIGHT else f"{closes:%H:%M}"


def _one(text: str) -> Window:
    match = ONE.fullmatch(text)
    if match is None:
        raise ValidationError(_("Write times as 09:00-12:00, 13:00-17:30."))
    hour, minute, end_hour, end_minute = (int(each) for each in match.groups())
    if (hour, minute) >= (24, 0) or (end_hour, end_minute) > (24, 0) or (end_hour, end_minute) == (0, 0):
        raise ValidationError(_("Each time ends later on the same day than it begins. The day ends at 24:00."))
    return Window(time(hour, minute), time(end_hour % 24, end_minute))
