"""When clocks are looked at again: at once where something happened, and within an hour whatever happens."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from incidents.choices import LIVE, EventKind
from incidents.clocks.choices import CHANGES, UPDATES
from incidents.models import ClockLook, Incident
from people.selectors import goes_on

#: What a clock counts from, or by which target it counts.
MATTERS = frozenset(
    {*CHANGES, *UPDATES, EventKind.REPORTED, EventKind.OPENED, EventKind.SEVERITY, EventKind.CHANGED, EventKind.CLOCK}
)
#: However little happens, a live incident is looked at this often.
LONGEST = timedelta(hours=1)
AT_ONCE = 5000


def look_again(incident: Incident, kind: str, *, now: datetime) -> None:
    """Something happened to it: its clocks are looked at with the next tick."""
    if kind in MATTERS:
        look = ClockLook(incident=incident, at=now)
        ClockLook.objects.bulk_create([look], update_conflicts=True, update_fields=["at"], unique_fields=["incident"])


def look_at_all(*, now: datetime) -> None:
    """What all of them count by has changed."""
    ClockLook.objects.filter(at__gt=now).update(at=now)


def look_at_forgotten(*, now: datetime) -> int:
    """Live incidents that came in by no service of ours, such as from a copy. Returns how many."""
    known = ClockLook.objects.filter(incident=OuterRef("pk"))
    forgotten = Incident.objects.filter(~Exists(known), state__in=LIVE).order_by().values_list("pk", flat=True)
    looks = [ClockLook(incident_id=pk, at=now) for pk in forgotten[:AT_ONCE]]
    ClockLook.objects.bulk_create(looks, ignore_conflicts=True)
    return len(looks)


def looks_due(now: datetime) -> QuerySet[ClockLook]:
    """Those to look at, the longest waiting first. None while the house is held."""
    return ClockLook.objects.filter(goes_on(), at__lte=now).order_by("at")
