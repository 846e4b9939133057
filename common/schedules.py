"""Recurring times: a cron line or an RRULE, in the wall time of a zone, right on both sides of DST."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from dateutil.rrule import rrulestr
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError

#: The first moment from which RRULEs without a start of their own are counted, in the schedule's wall time.
RRULE_START = datetime(2026, 1, 1)  # noqa: DTZ001  wall time: the zone is kept beside it
FIELDS_OF_CRON = 5
LARGEST_INTERVAL = 1000

#: Parts of an RRULE that any frequency may have. Without a start of its own, COUNT would mean nothing.
ALWAYS = {"FREQ", "INTERVAL", "UNTIL", "WKST", "BYHOUR", "BYMINUTE", "BYSECOND"}
_BY_PLACE = {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"}
_BY_PLACE_OF_YEAR = _BY_PLACE | {"BYWEEKNO", "BYYEARDAY"}
#: By which parts a frequency may be narrowed further: each time, and every n-th time.
#: Shorter frequencies are refused: more often than hourly is for cron.
NARROWED_BY: dict[str, tuple[set[str], set[str]]] = {
    "HOURLY": ({"BYDAY", "BYMONTH"}, set()),
    "DAILY": ({"BYDAY", "BYMONTH"}, set()),
    "WEEKLY": ({"BYDAY", "BYMONTH"}, {"BYDAY"}),
    "MONTHLY": (_BY_PLACE, _BY_PLACE),
    "YEARLY": (_BY_PLACE_OF_YEAR, _BY_PLACE_OF_YEAR),
}
STEPS = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}


class WrongSchedule(DomainError):
    """A rule or a zone that names no recurring time."""

    code = "wrong_schedule"
    status = 400
    template = _(
        "“%(rule)s” is not a schedule. Give a cron line such as “30 2 * * *” or an RRULE such as “FREQ=DAILY;BYHOUR=2”."
    )


class WrongZone(DomainError):
    """A zone that this machine does not know."""

    code = "wrong_time_zone"
    status = 400
    template = _("“%(zone)s” is not a time zone. Give a name such as “Europe/Berlin” or “Asia/Shanghai”.")


def check_rule(rule: str, zone: str) -> None:
    """Raises WrongSchedule or WrongZone unless the rule names a time that is still to come."""
    if next_after(rule, zone, datetime.now(UTC)) is None:
        raise WrongSchedule(rule=rule)


def next_after(rule: str, zone: str, instant: datetime) -> datetime | None:
    """The first occurrence after the instant, as aware UTC. None when the rule has run out."""
    if zone not in _zones():
        raise WrongZone(zone=zone)
    try:
        if "=" in rule:
            return _next_of_rrule(rule, ZoneInfo(zone), instant)
        return _next_of_cron(rule, ZoneInfo(zone), instant)
    except (CronSimError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise WrongSchedule(rule=rule) from error


@cache
def _zones() -> set[str]:
    """Read once: the list is made from hundreds of files."""
    return available_timezones()


def _next_of_cron(rule: str, zone: ZoneInfo, instant: datetime) -> datetime | None:
    if len(rule.split()) != FIELDS_OF_CRON:
        raise WrongSchedule(rule=rule)
    found = next(CronSim(rule, instant.astimezone(zone)), None)
    return found.astimezone(UTC) if found else None


def _next_of_rrule(rule: str, zone: ZoneInfo, instant: datetime) -> datetime | None:
    """Counted in wall time: 02:30 stays 02:30; an hour that DST skips is moved on, one that it repeats fires once."""
    parts = _parts_of(rule)
    wall = instant.astimezone(zone).replace(tzinfo=None) - timedelta(hours=2)
    recurrence = rrulestr(";".join(f"{key}={value}" for key, value in parts.items()), dtstart=_start(parts, wall))
    for found in recurrence.xafter(wall):
        at = found.replace(tzinfo=zone).astimezone(UTC)
        if at > instant:
            return at
    return None


def _parts_of(rule: str) -> dict[str, str]:
    """The rule as {part: value}. Raises ValueError for one that would be looked through for minutes.

    The library goes step by step to the year 9999 where nothing fits. So the step is an hour at least,
    and the short steps may only be narrowed so far that one of them fits within a year.
    """
    pairs = [part.split("=") for part in rule.upper().removeprefix("RRULE:").split(";")]
    parts = {key: value for key, value in pairs}  # noqa: C416  refuses a part that is no pair
    interval = int(parts.get("INTERVAL", "1"))
    each_time, every_nth = NARROWED_BY[parts["FREQ"]]
    if len(parts) != len(pairs) or not 1 <= interval <= LARGEST_INTERVAL or parts.get("BYSECOND", "0") != "0":
        raise ValueError(rule)
    if set(parts) - ALWAYS - (each_time if interval == 1 else every_nth):
        raise ValueError(rule)
    return parts


def _start(parts: dict[str, str], wall: datetime) -> datetime:
    """A first occurrence not long ago, in step with the one that all rules share."""
    step = STEPS.get(parts["FREQ"])
    if step is None or wall < RRULE_START:
        return RRULE_START
    step *= int(parts.get("INTERVAL", "1"))
    return RRULE_START + (wall - RRULE_START) // step * step
