"""Figures of incidents."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import Metric

from common.metrics import gauge, measures
from incidents.choices import LIVE
from incidents.models import ClockLook, Incident


@measures("incidents")
def of_incidents() -> Iterator[Metric]:
    """How many are open, by severity and state."""
    live = Incident.objects.filter(state__in=LIVE).order_by().values_list("severity", "state").annotate(Count("pk"))
    found = {(severity, state): number for severity, state, number in live}
    rows = [
        ((str(severity), state.value), float(found.get((severity, state), 0)))
        for severity in (1, 2, 3, 4)
        for state in LIVE
    ]
    oldest = ClockLook.objects.aggregate(at=Min("at"))["at"]
    late = max((timezone.now() - oldest).total_seconds(), 0.0) if oldest else 0.0
    yield gauge("clock_looks_late_seconds", "How long the oldest clock waits to be looked at.", [((), late)])
    yield gauge("incidents_open", "Incidents that somebody still has to do something about.", rows, "severity", "state")
