"""Whether this house is held since it came back from a copy."""

from collections.abc import Iterator

from common.doctor import Finding, examines, ok, warn
from people.models import Organisation


@examines("restored")
def held() -> Iterator[Finding]:
    """Read from the database, not from the cache: somebody looks because something does not happen."""
    row = Organisation.objects.filter(held_since__isnull=False).first()
    if row is None or row.copy_taken_at is None:
        yield ok("nothing is held")
        return
    yield warn(
        f"Holdfast came back as it was at {row.copy_taken_at:%Y-%m-%d %H:%M} UTC: "
        "messages, reminders and schedules are held",
        "When this is the house that goes on: manage.py go_on",
    )
