"""Figures of the ledger."""

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client.core import Metric

from common.metrics import gauge, measures
from ledger.models import Seal
from ledger.sealing import unsealed


@measures("ledger")
def of_the_ledger() -> Iterator[Metric]:
    """How long the oldest entry waits for its seal, and how many seals there are."""
    last = Seal.objects.order_by("-number").first()
    oldest = unsealed(last).order_by("id").values_list("at", flat=True).first()
    age = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    yield gauge("ledger_unsealed_seconds", "Age of the oldest entry of the ledger without a seal.", [((), age)])
    yield gauge("ledger_seals", "Seals of the ledger.", [((), float(last.number if last else 0))])
