"""Calendars as other programs read them (RFC 5545): nothing that a person wrote can be taken for a line of its own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

#: A line holds at most so many bytes; what is longer goes on in the next, behind a space.
LINE_BYTES = 75
CONTENT_TYPE = "text/calendar; charset=utf-8"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Happening:
    """One entry. uid: the same for the same entry, whenever it is read."""

    uid: str
    since: datetime
    until: datetime
    title: str
    description: str = ""
    url: str = ""


def calendar(name: str, happenings: Iterable[Happening], *, now: datetime) -> bytes:
    """The whole file. Times are UTC, so that no reader needs to know a zone."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Holdfast//Holdfast//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"NAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for each in happenings:
        lines += _entry(each, now)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _entry(each: Happening, now: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(each.uid)}",
        f"DTSTAMP:{_time(now)}",
        f"DTSTART:{_time(each.since)}",
        f"DTEND:{_time(each.until)}",
        f"SUMMARY:{_text(each.title)}",
        "TRANSP:TRANSPARENT",
    ]
    if each.description:
        lines.append(f"DESCRIPTION:{_text(each.description)}")
    if each.url:
        lines.append(f"URL:{_CONTROL.sub('', each.url)}")
    return [*lines, "END:VEVENT"]


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return _CONTROL.sub(" ", text.replace("\n", "\\n"))


def _folded(line: str) -> bytes:
    """Cut between characters, never within one."""
    parts: list[bytes] = []
    rest = line.encode()
    while len(rest) > (room := LINE_BYTES - bool(parts)):
        while rest[room] & 0xC0 == 0x80:
            room -= 1
        parts.append(rest[:room])
        rest = rest[room:]
    return b"\r\n ".join([*parts, rest]) + b"\r\n"
