"""Optimistic locking: who changes a row names the version that was seen."""

from typing import TypeVar

from common.errors import Stale
from common.models import Versioned

Row = TypeVar("Row", bound=Versioned)


def check_version(row: Versioned, expected: int | None) -> None:
    """Raises Stale when the row (locked by the caller) is not at the expected version. None expects nothing."""
    if expected is not None and row.version != expected:
        raise Stale


def raise_version(row: Row) -> Row:
    """Count the change; save the row with `version` among its fields."""
    row.version += 1
    return row
