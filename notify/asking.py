"""What the addresses of messages and deliveries ask for. What they say wrongly is as if it were not said."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from notify.choices import DeliveryState, Way

LONGEST = 100
#: Calendars of people; databases hold more.
DAYS = (date(2000, 1, 1), date(9000, 1, 1))


@dataclass(frozen=True)
class Period:
    """Days of the reader's zone, the last one included."""

    since: date | None = None
    until: date | None = None

    @property
    def begins_at(self) -> datetime | None:
        """When the first day begins."""
        return _beginning(self.since) if self.since else None

    @property
    def ends_at(self) -> datetime | None:
        """When the day after the last begins."""
        return _beginning(self.until + timedelta(days=1)) if self.until else None


@dataclass(frozen=True)
class Asked:
    """What every list here can be asked for."""

    kind: str
    since: date | None
    until: date | None

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """From an address."""
        return cls(**{each.name: _value(query, each.name) for each in fields(cls)})

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.since, self.until)

    @property
    def query(self) -> str:
        """Everything that is said, as it stands in an address; ends in & unless it is empty."""
        said = urlencode({each.name: value for each in fields(self) if (value := getattr(self, each.name))})
        return f"{said}&" if said else ""


@dataclass(frozen=True)
class AskedMessages(Asked):
    """Of one's own messages: only the new ones, by words."""

    state: str
    q: str


@dataclass(frozen=True)
class AskedDeliveries(Asked):
    """Of deliveries. channel: an id.  person and about: the beginning of a name."""

    state: str
    way: str
    channel: str
    person: str
    about: str


def _value(query: QueryDict, name: str) -> Any:
    given = query.get(name, "").replace("\0", "").strip()[:LONGEST]
    if name in {"since", "until"}:
        return _day(given)
    known = {"state": {*DeliveryState.values, "new"}, "way": set(Way.values)}.get(name)
    return given if known is None or given in known else ""


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if DAYS[0] <= found <= DAYS[1] else None


def _beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
