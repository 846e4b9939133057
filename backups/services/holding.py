"""Whether what was found in restored data is what was expected."""

from datetime import UTC, datetime, timedelta
from typing import Any

from backups.choices import Comparison
from backups.sources import as_number
from common.spans import duration

#: Clocks of two machines may differ by this much.
CLOCKS_DIFFER = timedelta(minutes=5)


def holds(compare: str, value: Any, found: str | None, *, at: datetime) -> bool:
    """Whether what was found is what was expected. What was not found never holds."""
    if found is None:
        return False
    if compare == Comparison.YOUNGER_THAN:
        moment = _moment(found)
        # A moment still to come is no young one: a clock was wrong, or the data is not what it says.
        return moment is not None and -CLOCKS_DIFFER.total_seconds() <= (at - moment).total_seconds() <= (
            as_number(value) or 0
        )
    if compare == Comparison.CONTAINS:
        return str(value) in found
    number = as_number(found)
    if compare == Comparison.EQUAL:
        wanted = as_number(value)
        return number == wanted if number is not None and wanted is not None else found == str(value)
    return number is not None and _is_between(number, compare, value)


def expected_words(compare: str, value: Any) -> str:
    """What was expected, as it is shown beside what was found."""
    if compare == Comparison.BETWEEN:
        return f"{value[0]} – {value[1]}"
    if compare == Comparison.YOUNGER_THAN:
        return f"< {duration(timedelta(seconds=float(as_number(value) or 0)))}"
    return str(value) if compare in {Comparison.EQUAL, Comparison.CONTAINS} else f"{compare} {value}"


def _is_between(number: Any, compare: str, value: Any) -> bool:
    low, high = {
        Comparison.BETWEEN: lambda: (as_number(value[0]), as_number(value[1])),
        Comparison.AT_LEAST: lambda: (as_number(value), number),
        Comparison.AT_MOST: lambda: (number, as_number(value)),
    }[Comparison(compare)]()
    return low is not None and high is not None and bool(low <= number <= high)


def _moment(text: str) -> datetime | None:
    """A timestamp as PostgreSQL prints it; without a zone it is UTC, which the sandbox is set to."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
