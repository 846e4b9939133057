"""Recurring times: a cron line or an RRULE, in the wall time of a zone, right on both sides of DST."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from dateutil.rrule import rrulestr
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError

#: The first moment from which RRULEs without a start of their own are counted, in the schedule's wall time.
RRULE_START = datetime(2026, 1, 1)  # noqa: DTZ001  wall time: the zone is kept beside it
FIELDS_OF_CRON = 5


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
    """Raises WrongSchedule or WrongZone when next_after could not work with them."""
    if zone not in available_timezones():
        raise WrongZone(zone=zone)
    next_after(rule, zone, datetime.now(UTC))


def next_after(rule: str, zone: str, instant: datetime) -> datetime | None:
    """The first occurrence after the instant, as aware UTC. None when the rule has run out."""
    try:
        if "=" in rule:
            return _next_of_rrule(rule, ZoneInfo(zone), instant)
        if len(rule.split()) != FIELDS_OF_CRON:
            raise WrongSchedule(rule=rule)
        return next(CronSim(rule, instant.astimezone(ZoneInfo(zone)))).astimezone(UTC)
    except StopIteration:
        return None
    except (CronSimError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise WrongSchedule(rule=rule) from error


def _next_of_rrule(rule: str, zone: ZoneInfo, instant: datetime) -> datetime | None:
    """Counted in wall time: 02:30 stays 02:30; an hour that DST skips is moved on, one that it repeats fires once."""
    recurrence = rrulestr(rule.removeprefix("RRULE:"), dtstart=RRULE_START)
    wall = instant.astimezone(zone).replace(tzinfo=None) - timedelta(hours=2)
    for found in recurrence.xafter(wall):
        at = found.replace(tzinfo=zone).astimezone(UTC)
        if at > instant:
            return at
    return None
