"""Figures of incidents."""

from collections.abc import Iterator

from django.db.models import Count
from prometheus_client.core import Metric

from common.metrics import gauge, measures
from incidents.choices import LIVE
from incidents.models import Incident


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
    yield gauge("incidents_open", "Incidents that somebody still has to do something about.", rows, "severity", "state")
