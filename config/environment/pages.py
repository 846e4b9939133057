"""What people meet: addresses, names, languages and times."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import time, timedelta
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from config.environment.reading import choice, number, read, split
from config.environment.table import wrong

LANGUAGES = ("en", "zh-hans")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class WorkingHours:
    """When reminders may speak: weekdays (0 is Monday), and from when until when in each person's own zone."""

    days: frozenset[int]
    start: time
    end: time


def port() -> int:
    """Where pages are served."""
    return number("PORT", "8000", 65535)


def proof_max_age() -> timedelta:
    """How long a measured recovery proves anything."""
    return timedelta(days=number("PROOF_MAX_AGE_DAYS", "90", 3650))


def incidents_reopened_within() -> timedelta:
    """How long after its end an incident is opened again as itself."""
    return timedelta(days=number("INCIDENTS_REOPENED_WITHIN_DAYS", "7", 365))


def incidents_closed_after() -> timedelta:
    """How long an incident stays resolved before it is closed by itself."""
    return timedelta(days=number("INCIDENTS_CLOSED_AFTER_DAYS", "14", 365))


def review_required() -> int:
    """From which severity on only an approved review closes an incident; 0: never."""
    given = choice("REVIEW_REQUIRED_SEVERITY", "2", "no", "1", "2", "3", "4")
    return 0 if given == "no" else int(given)


def base_url(port_number: int) -> str:
    """The address that people use, without a slash at its end."""
    given = read("BASE_URL", f"http://localhost:{port_number}").rstrip("/")
    parts = split("BASE_URL", given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise wrong("BASE_URL")
    return given


def is_loopback(base: str) -> bool:
    """Whether only people at this machine can reach the address."""
    host = urlsplit(base).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def allowed_hosts(base: str) -> list[str]:
    """Those given, and always our own machine: the launcher and health checks ask there."""
    names = [name.strip() for name in read("ALLOWED_HOSTS").split(",") if name.strip()]
    if any(not re.fullmatch(r"\*|\.?[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\]", name) for name in names):
        raise wrong("ALLOWED_HOSTS")
    host = urlsplit(base).hostname or ""
    own = ["localhost", "127.0.0.1", "[::1]", f"[{host}]" if ":" in host else host]
    return list(dict.fromkeys([*names, *own]))


def organisation() -> str:
    """The name of the organisation."""
    given = read("ORGANISATION", "Holdfast")
    if len(given) > 60 or not given.isprintable():
        raise wrong("ORGANISATION")
    return given


def time_zone() -> str:
    """The organisation's time zone."""
    given = read("TIME_ZONE", "UTC")
    if given not in available_timezones():
        raise wrong("TIME_ZONE")
    return given


def working_hours() -> WorkingHours:
    """The days and hours in which reminders are sent."""
    found = re.fullmatch(r"([a-z]{3})-([a-z]{3}) (\d\d:\d\d)-(\d\d:\d\d)", read("WORKING_HOURS", "mon-fri 09:00-17:00"))
    try:
        first, last, start, end = found.groups() if found else ("", "", "", "")
        days = range(WEEK.index(first), WEEK.index(last) + 1)
        hours = WorkingHours(frozenset(days), time.fromisoformat(start), time.fromisoformat(end))
    except ValueError:
        raise wrong("WORKING_HOURS") from None
    if not hours.days or hours.start >= hours.end:
        raise wrong("WORKING_HOURS")
    return hours


def messages_kept() -> timedelta:
    """How long messages and reminders that are over are kept."""
    return timedelta(days=number("MESSAGES_KEPT_DAYS", "400", 3650))


def answers_kept() -> timedelta:
    """How long is kept what each try to deliver was answered."""
    return timedelta(days=number("ANSWERS_KEPT_DAYS", "90", 3650))
