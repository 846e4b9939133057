"""Calendars: when people work, on which days they do not, and on which they do all the same."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.facts import announce
from common.versions import check_version, raise_version
from ledger.services import Actor, record
from people.calendars import WHOLE_DAY, Window
from people.choices import Weekday
from people.errors import CalendarInUse, WrongDetails
from people.models import Calendar, CalendarDay, CalendarWindow
from people.signals import CALENDAR_CHANGED
from people.windows import check_windows, write_windows

#: {weekday from 0: its windows}. A weekday that is not named is a day off.
Weekly = Mapping[int, Iterable[Window]]


@transaction.atomic
def add_calendar(*, name: str, hours: Weekly, by: Actor, time_zone: str = "") -> Calendar:
    """Say when time counts. The first calendar is the organisation's. Raises WrongDetails."""
    calendar = Calendar(name=name.strip(), time_zone=time_zone, is_default=not Calendar.objects.exists())
    _check(calendar)
    weekly = _checked(hours)
    calendar.save(force_insert=True)
    _write_weekly(calendar, weekly)
    record(verb="calendar.added", subject=calendar, actor=by, data={"hours": _in_words(weekly)})
    return calendar


@transaction.atomic
def change_calendar(*, calendar_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Any) -> Calendar:
    """Change its name, its zone or its hours; what is counted by it is counted anew.

    details: any of name, time_zone, hours (all weekdays).  Raises WrongDetails or Stale.
    """
    calendar = _locked(calendar_id, version)
    hours = details.pop("hours", None)
    before: dict[str, Any] = {name: getattr(calendar, name) for name in details}
    for name, value in details.items():
        setattr(calendar, name, value.strip())
    _check(calendar)
    after: dict[str, Any] = {name: getattr(calendar, name) for name in details}
    if hours is not None:
        before["hours"], weekly = _in_words(weekly_of(calendar)), _checked(hours)
        after["hours"] = _in_words(weekly)
    changed = sorted(name for name in after if before[name] != after[name])
    if not changed:
        return calendar
    raise_version(calendar).save(update_fields=[*details, "version"])
    if "hours" in changed:
        _write_weekly(calendar, weekly)
    data = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
    record(verb="calendar.changed", subject=calendar, actor=by, data=data)
    _counts_otherwise(calendar)
    return calendar


@transaction.atomic
def make_default(*, calendar_id: uuid.UUID | str, by: Actor) -> Calendar:
    """From now on it is the organisation's own: reminders obey it. The second call changes nothing."""
    calendar = _locked(calendar_id)
    if not calendar.is_default:
        Calendar.objects.filter(is_default=True).update(is_default=False)
        calendar.is_default = True
        raise_version(calendar).save(update_fields=["is_default", "version"])
        record(verb="calendar.made_default", subject=calendar, actor=by)
        _counts_otherwise(calendar)
    return calendar


@transaction.atomic
def remove_calendar(*, calendar_id: uuid.UUID | str, by: Actor) -> None:
    """Forget a calendar by which nothing counts. Raises CalendarInUse."""
    calendar = _locked(calendar_id)
    if calendar.is_default:
        raise CalendarInUse(calendar=calendar)
    record(verb="calendar.removed", subject=calendar, actor=by)
    try:
        calendar.delete()
    except models.ProtectedError as error:
        raise CalendarInUse(calendar=calendar) from error


@transaction.atomic
def add_day(
    *,
    calendar: Calendar,
    date: date,
    by: Actor,
    is_working: bool = False,
    windows: Iterable[Window] = (),
    label: str = "",
) -> CalendarDay:
    """A holiday, or a day that is worked though its weekday is not, or by other hours. Raises WrongDetails."""
    held = _locked(calendar.pk)
    day = CalendarDay(calendar=held, date=date, is_working=is_working, label=label.strip())
    own = _checked_day(day, windows)
    day.save(force_insert=True)
    _write_day(day, own)
    record(verb="calendar.day_added", subject=day, actor=by, data=_of_day(day, own))
    _counts_otherwise(held)
    return day


@transaction.atomic
def change_day(*, day_id: uuid.UUID | str, by: Actor, **details: Any) -> CalendarDay:
    """Change a day.  details: any of date, is_working, label, windows (all of them). Raises WrongDetails."""
    day = CalendarDay.objects.select_related("calendar").get(pk=day_id)
    held = _locked(day.calendar_id)
    before = tuple(Window(each.opens, each.closes) for each in day.windows.all())
    was = _of_day(day, before)
    windows = details.pop("windows", before)
    for name, value in details.items():
        setattr(day, name, value.strip() if isinstance(value, str) else value)
    own = _checked_day(day, windows)
    day.save(update_fields=["date", "is_working", "label"])
    if own != before:
        day.windows.all().delete()
        _write_day(day, own)
    if was != _of_day(day, own):
        record(verb="calendar.day_changed", subject=day, actor=by, data={"before": was, "after": _of_day(day, own)})
        _counts_otherwise(held)
    return day


@transaction.atomic
def remove_day(*, day_id: uuid.UUID | str, by: Actor) -> None:
    """It is a day like its weekday again."""
    day = CalendarDay.objects.select_related("calendar").get(pk=day_id)
    held = _locked(day.calendar_id)
    record(verb="calendar.day_removed", subject=day, actor=by, data={"date": day.date})
    day.delete()
    _counts_otherwise(held)


@transaction.atomic
def begin_calendars(*, by: Actor) -> tuple[Calendar, Calendar]:
    """What a new installation counts by: its working hours, as the settings say them, and around the clock.

    Returns (working hours, around the clock). Where there are calendars already, nothing is made.
    """
    given = settings.WORKING_HOURS
    window = Window(given.start, given.end)
    working = _named(_("Working hours"), {day: [window] for day in sorted(given.days)}, by)
    always = _named(_("Around the clock"), {day: [WHOLE_DAY] for day in Weekday.values}, by)
    return working, always


def weekly_of(calendar: Calendar) -> dict[int, tuple[Window, ...]]:
    """What is stored of its weekdays."""
    found: dict[int, list[Window]] = {}
    for each in calendar.windows.filter(day=None):
        if each.weekday is not None:
            found.setdefault(each.weekday, []).append(Window(each.opens, each.closes))
    return {weekday: tuple(windows) for weekday, windows in found.items()}


def _named(name: str, hours: Weekly, by: Actor) -> Calendar:
    there = Calendar.objects.filter(name__iexact=name).first()
    return there or add_calendar(name=name, hours=hours, by=by)


def _locked(calendar_id: uuid.UUID | str, version: int | None = None) -> Calendar:
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    check_version(calendar, version)
    return calendar


def _check(row: Calendar | CalendarDay) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        wrong = {name: [str(sentence) for sentence in found] for name, found in error.message_dict.items()}
        raise WrongDetails(fields=wrong) from error


def _checked(hours: Weekly) -> dict[int, tuple[Window, ...]]:
    """Each weekday by itself, so that all that is wrong is said at once."""
    wrong: dict[str, list[str]] = {}
    found: dict[int, tuple[Window, ...]] = {}
    for weekday in Weekday:
        try:
            found[weekday.value] = check_windows(hours.get(weekday.value, ()))
        except ValidationError as error:
            wrong[weekday.name.lower()] = [str(each) for each in error.messages]
    if wrong:
        raise WrongDetails(fields=wrong)
    return found


def _checked_day(day: CalendarDay, windows: Iterable[Window]) -> tuple[Window, ...]:
    _check(day)
    try:
        own = check_windows(windows)
    except ValidationError as error:
        raise WrongDetails(fields={"windows": [str(each) for each in error.messages]}) from error
    if own and not day.is_working:
        raise WrongDetails(fields={"windows": [_("A day off has no hours. Say that it is worked, or leave them out.")]})
    return own


def _write_weekly(calendar: Calendar, weekly: Mapping[int, Iterable[Window]]) -> None:
    calendar.windows.filter(weekday__isnull=False).delete()
    CalendarWindow.objects.bulk_create(
        CalendarWindow(calendar=calendar, weekday=weekday, opens=each.opens, closes=each.closes)
        for weekday, windows in weekly.items()
        for each in windows
    )


def _write_day(day: CalendarDay, windows: Iterable[Window]) -> None:
    CalendarWindow.objects.bulk_create(
        CalendarWindow(calendar=day.calendar, day=day, opens=each.opens, closes=each.closes) for each in windows
    )


def _counts_otherwise(calendar: Calendar) -> None:
    """Nobody goes on with what was counted before."""
    calendar.changed_at = timezone.now()
    calendar.save(update_fields=["changed_at"])
    announce(CALENDAR_CHANGED, calendar_id=str(calendar.pk))


def _in_words(weekly: Mapping[int, Iterable[Window]]) -> dict[str, str]:
    """As the ledger keeps it: one line a weekday, days off left out."""
    return {Weekday(day).name.lower(): write_windows(windows) for day, windows in sorted(weekly.items()) if windows}


def _of_day(day: CalendarDay, windows: Iterable[Window]) -> dict[str, Any]:
    return {
        "calendar": str(day.calendar_id),
        "date": day.date.isoformat(),
        "is_working": day.is_working,
        "label": day.label,
        "windows": write_windows(windows),
    }
