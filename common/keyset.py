"""Pages of rows by the time at which they were made, newest first: the thousandth costs what the first did.

A page begins beside one row, so rows that appear meanwhile neither repeat others nor hide them.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from common.models import Row

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Microseconds since 1970 have no more digits in the years that calendars hold.
LONGEST_TIME = 18

Some = TypeVar("Some", bound=Row)


@dataclass(frozen=True)
class Place:
    """Where a page ends: time and id of one row, and whether the reader goes back to newer ones from it."""

    at: datetime
    id: uuid.UUID
    is_back: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> "Place | None":
        """From `?older=` or `?newer=`, as `mark` writes it. What cannot be read is as if it were not said."""
        for name in ("newer", "older"):
            micros, _dot, key = query.get(name, "").partition(".")
            if micros.isascii() and micros.isdecimal() and len(micros) < LONGEST_TIME:
                try:
                    return cls(EPOCH + timedelta(microseconds=int(micros)), uuid.UUID(key), name == "newer")
                except (ValueError, OverflowError):
                    continue
        return None


@dataclass(frozen=True)
class Page(Generic[Some]):
    """Rows, the newest first, and where the pages beside it begin; empty where there is none."""

    rows: list[Some]
    newer: str
    older: str


def page_of(rows: QuerySet[Some], place: Place | None, size: int) -> Page[Some]:
    """One page beside a place; the newest rows without one. One query."""
    is_back = place is not None and place.is_back
    if place is not None:
        beside = "gt" if is_back else "lt"
        # The first condition follows from the second: it lets the database begin in the index.
        rows = rows.filter(
            Q(**{f"created_at__{beside}e": place.at}),
            Q(**{f"created_at__{beside}": place.at}) | Q(created_at=place.at, **{f"id__{beside}": place.id}),
        )
    order: list[Any] = ["created_at", "id"] if is_back else [F("created_at").desc(), F("id").desc()]
    found = list(rows.order_by(*order)[: size + 1])
    has_more, shown = len(found) > size, found[:size]
    if is_back:
        shown.reverse()
    has_newer, has_older = (has_more, True) if is_back else (place is not None, has_more)
    return Page(
        shown,
        newer=mark(shown[0]) if shown and has_newer else "",
        older=mark(shown[-1]) if shown and has_older else "",
    )


def mark(row: Row) -> str:
    """The place of a row, as it stands in an address."""
    return f"{(row.created_at - EPOCH) // timedelta(microseconds=1)}.{row.pk}"
