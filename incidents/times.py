"""When something can have begun."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from incidents.errors import Unfit

#: Before this there was nothing of what is reported here: a year was mistyped.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: Clocks of phones go wrong by less than this.
CLOCKS_DIFFER = timedelta(minutes=5)


def check_occurred(occurred_at: datetime | None, *, now: datetime, field: str = "occurred_at") -> None:
    """Raises Unfit for a beginning that is still to come, or before 1990."""
    if occurred_at is None:
        return
    if occurred_at > now + CLOCKS_DIFFER:
        raise Unfit(fields={field: [_("This time is still to come.")]})
    if occurred_at < EARLIEST:
        raise Unfit(fields={field: [_("This is before 1990. Check the year.")]})
