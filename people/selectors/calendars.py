"""When time counts, by each calendar: read in two queries however many there are, and kept while they do not change."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from people.calendars import Hours, OwnDay, Window
from people.models import Calendar, CalendarDay, CalendarWindow
from people.selectors.organisation import organisation
from people.selectors.persons import Anyone, roles_of

#: So many calendars are kept in the memory of a process.
MOST_KEPT = 200
WEEK = range(7)

_kept: dict[tuple[UUID, datetime, str, str], Hours] = {}


def visible_calendars(user: Anyone) -> QuerySet[Calendar]:
    """Calendars are no secret to anybody with a role."""
    return Calendar.objects.all() if roles_of(user) else Calendar.objects.none()


def hours_of(calendars: Iterable[Calendar]) -> dict[UUID, Hours]:
    """The hours of each of these calendars, by its id. Asked again, no query until one of them changes."""
    calendars = list(calendars)
    missing = [each for each in calendars if _key(each) not in _kept]
    if missing:
        if len(_kept) + len(missing) > MOST_KEPT:
            _kept.clear()
        _kept.update(_read(missing))
        missing = [each for each in calendars if _key(each) not in _kept]
    return {each.pk: _kept[_key(each)] for each in calendars} if not missing else _by_id(calendars)


def working_hours(zone: tzinfo) -> Hours:
    """When people of the organisation work, by the clock of a zone: its own calendar, else as the settings say."""
    own = Calendar.objects.filter(is_default=True).first()
    if own is not None:
        return hours_of([own])[own.pk].in_zone(zone)
    given = settings.WORKING_HOURS
    window = Window(given.start, given.end)
    return Hours(zone, [(window,) if day in given.days else () for day in WEEK], {})


def _key(calendar: Calendar) -> tuple[UUID, datetime, str, str]:
    return calendar.pk, calendar.changed_at, calendar.name, calendar.time_zone or organisation().time_zone


def _by_id(calendars: list[Calendar]) -> dict[UUID, Hours]:
    """Where another thread cleared what was kept."""
    found = _read(calendars)
    return {each.pk: found[_key(each)] for each in calendars}


def _read(calendars: list[Calendar]) -> dict[tuple[UUID, datetime, str, str], Hours]:
    ids = [each.pk for each in calendars]
    weekly: dict[UUID, list[list[Window]]] = {pk: [[] for _day in WEEK] for pk in ids}
    of_days: dict[UUID, list[Window]] = {}
    for each in CalendarWindow.objects.filter(calendar__in=ids).order_by("opens"):
        window = Window(each.opens, each.closes)
        if each.day_id is not None:
            of_days.setdefault(each.day_id, []).append(window)
        elif each.weekday is not None:
            weekly[each.calendar_id][each.weekday].append(window)
    days: dict[UUID, dict] = {pk: {} for pk in ids}
    for day in CalendarDay.objects.filter(calendar__in=ids):
        days[day.calendar_id][day.date] = _own(day, of_days.get(day.pk, []), weekly[day.calendar_id])
    return {
        _key(each): Hours(ZoneInfo(_key(each)[-1]), weekly[each.pk], days[each.pk], each.name) for each in calendars
    }


def _own(day: CalendarDay, own: list[Window], weekly: list[list[Window]]) -> OwnDay:
    """A worked day without windows of its own has those of its weekday, or of the first weekday that has some."""
    if not day.is_working:
        return OwnDay((), day.label)
    usual = weekly[day.date.weekday()] or next((each for each in weekly if each), [])
    return OwnDay(tuple(own or usual), day.label)
