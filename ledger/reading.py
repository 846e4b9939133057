"""Reading the whole ledger as it was at one moment, a few thousand rows at a time."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ledger.canonical import ENTRY_FIELDS, SEAL_FIELDS
from ledger.models import Seal

BATCH = 2_000
#: No seal has a higher number.
LAST = 2**63 - 1

#: A row that is only read: {column: value}. Rows of a place whose entry is gone have `id` None.
Values = dict[str, Any]

_ENTRY = (*ENTRY_FIELDS, "at", "key_id", "mac")
_SEAL = (*SEAL_FIELDS, "at", "head", "key_id", "mac", "floor_id")
_PLACE = ("seal_id", "position", "digest", "entry_id")


@contextmanager
def one_moment() -> Iterator[None]:
    """All is read as of one moment, while writing goes on."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Along the index and never by a sort of everything: the first row comes at once, memory stays flat.
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off")
        yield
        if not is_outermost:
            cursor.execute("SET LOCAL enable_sort = on; SET LOCAL enable_hashjoin = on")


def seals(first: int = 0, last: int = LAST) -> Iterator[Values]:
    """Every seal by number, or those of a range."""
    return _rows(
        f"SELECT {', '.join(_SEAL)} FROM ledger_seal"  # noqa: S608  our own names
        " WHERE number BETWEEN %s AND %s ORDER BY number",
        _SEAL,
        [first, last],
    )


def places(first: int = 0, last: int = LAST) -> Iterator[Values]:
    """Every sealed entry in the order of the seals, or of some, with the entry itself where it still exists."""
    columns = ", ".join([*(f"place.{name}" for name in _PLACE), *(f"entry.{name}" for name in _ENTRY)])
    return _rows(
        f"SELECT {columns} FROM ledger_sealedentry place"  # noqa: S608  our own names
        " LEFT JOIN ledger_entry entry ON entry.id = place.entry_id"
        " WHERE place.seal_id BETWEEN %s AND %s ORDER BY place.seal_id, place.position",
        (*_PLACE, *_ENTRY),
        [first, last],
    )


def seals_around(since: datetime, until: datetime) -> tuple[int, int]:
    """The first and the last seal that hold an entry of the time; a range without any when none does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(min(place.seal_id), 1), coalesce(max(place.seal_id), 0) FROM ledger_entry entry"
            " JOIN ledger_sealedentry place ON place.entry_id = entry.id WHERE entry.at >= %s AND entry.at < %s",
            [since, until],
        )
        first, last = cursor.fetchone()
        return first, last


def unsealed() -> Iterator[Values]:
    """Every entry that no seal holds."""
    columns = ", ".join(f"entry.{name}" for name in _ENTRY)
    return _rows(
        f"SELECT {columns} FROM ledger_entry entry WHERE NOT EXISTS"  # noqa: S608  our own names
        " (SELECT FROM ledger_sealedentry place WHERE place.entry_id = entry.id) ORDER BY entry.id",
        _ENTRY,
    )


def heads_of(numbers: list[int]) -> dict[int, str]:
    """The heads of these seals, as far as they exist."""
    return dict(Seal.objects.filter(number__in=numbers).values_list("number", "head"))


def is_a_head(head: str) -> bool:
    """Whether a seal has this head."""
    return Seal.objects.filter(head=head).exists()


class Peekable:
    """Rows of which the next may be looked at before it is taken."""

    def __init__(self, rows: Iterator[Values]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def peek(self) -> Values | None:
        """The next row, which stays; None at the end."""
        return self._next

    def take(self) -> None:
        """Go on to the row after it."""
        self._next = next(self._rows, None)


def _rows(sql: str, columns: tuple[str, ...], arguments: Sequence[Any] = ()) -> Iterator[Values]:
    """The statement has no outside input: table and column names stand above."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, arguments)
        while batch := cursor.fetchmany(BATCH):
            for row in batch:
                values = dict(zip(columns, row, strict=True))
                if isinstance(values.get("data"), str):
                    values["data"] = json.loads(values["data"])
                yield values
