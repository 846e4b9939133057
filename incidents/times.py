"""When something can have begun."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from incidents.errors import Unfit

#: Before this there was nothing of what is reported here: a year was mistyped.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: Clocks of phones go wrong by less than this.
CLOCKS_DIFFER = timedelta(minutes=5)
#: Nobody can say what comes later.
FURTHEST = timedelta(days=366)


def check_occurred(occurred_at: datetime | None, *, now: datetime, field: str = "occurred_at") -> None:
    """Raises Unfit for a beginning that is still to come, or before 1990."""
    if occurred_at is None:
        return
    if occurred_at > now + CLOCKS_DIFFER:
        raise Unfit(fields={field: [_("This time is still to come.")]})
    if occurred_at < EARLIEST:
        raise Unfit(fields={field: [_("This is before 1990. Check the year.")]})


def check_expected(at: datetime | None, *, known: datetime | None, now: datetime, field: str = "expected_at") -> None:
    """Raises Unfit for an end, or news, that was to come before now or comes in more than a year.

    known: what was said before; said again, to the minute, it is no new promise.
    """
    if at is None or (known is not None and _minute(at) == _minute(known)):
        return
    if not now - CLOCKS_DIFFER < at <= now + FURTHEST:
        raise Unfit(fields={field: [_("Give a time that is still to come, within a year.")]})


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
