"""Figures of messages."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import Metric

from common.metrics import gauge, measures
from notify.choices import WAITING, DeliveryState
from notify.models import Delivery


@measures("notify")
def of_messages() -> Iterator[Metric]:
    """What still has to be sent, how long it is overdue, and what was given up."""
    now = timezone.now()
    states = [*WAITING, DeliveryState.SENDING, DeliveryState.DEAD]
    rows = Delivery.objects.filter(state__in=states).order_by().values_list("state").annotate(Count("pk"))
    found = dict(rows)
    counted = [((state.value,), float(found.get(state, 0))) for state in states]
    yield gauge("deliveries", "Deliveries of messages that are not done, by state.", counted, "state")
    due_at = Delivery.objects.filter(state__in=WAITING, due_at__lte=now).aggregate(Min("due_at"))["due_at__min"]
    overdue = (now - due_at).total_seconds() if due_at else 0.0
    yield gauge("deliveries_overdue_seconds", "How long the oldest delivery that is due waits.", [((), overdue)])
