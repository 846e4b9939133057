"""The kinds of messages by name: what may be subscribed to, and what a text of the organisation's own may name.

Each floor declares its own, as its app becomes ready. A kind that nobody declared is told like any other,
but no channel hears of it, and its texts are those of the product.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise


@dataclass(frozen=True)
class Matter:
    """How severe something is, and which services it touches: by these channels choose what they hear."""

    severity: str = ""
    services: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Event:
    """One kind of message.

    offers: name of a placeholder → where its value stands in the context of `tell`.  examples: for the preview.
    """

    kind: str
    label: str | Promise
    offers: Mapping[str, str] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    is_for_channels: bool = False

    @property
    def names(self) -> list[str]:
        """Every placeholder that a text of this kind may name."""
        return sorted({*COMMON, *self.offers})


#: What every kind offers.
COMMON = {"about": "about", "url": "url", "organisation": "organisation"}
_events: dict[str, Event] = {}


def declare(*events: Event) -> None:
    """Make kinds of messages known. The same kind again replaces the one before."""
    for event in events:
        _events[event.kind] = event


def event_of(kind: str) -> Event | None:
    """What is known of a kind. None: nobody declared it."""
    return _events.get(kind)


def all_events() -> list[Event]:
    """Every declared kind, by name."""
    return [_events[kind] for kind in sorted(_events)]


def channel_events() -> list[Event]:
    """Kinds that a channel may hear."""
    return [event for event in all_events() if event.is_for_channels]


def named(kind: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """The value of each placeholder: plain values, nothing that could be asked further."""
    event = event_of(kind)
    paths = {**COMMON, **(event.offers if event else {})}
    return {name: _plain(_found(context, path)) for name, path in paths.items()}


def written(values: Mapping[str, Any]) -> dict[str, str]:
    """The same as text, times in the active language and zone."""
    return {name: _text(value) for name, value in values.items()}


def _found(context: Mapping[str, Any], path: str) -> Any:
    first, *rest = path.split(".")
    value = context.get(first)
    for name in rest:
        value = getattr(value, name, None)
    return value


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | datetime | date):
        return value
    return str(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return formats.date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value)
