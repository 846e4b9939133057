"""Figures of proof: how many systems and services are proven, stale, unproven."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client.core import Metric

from catalog.choices import Proof
from catalog.selectors import proof_of_services, proof_of_systems
from common.metrics import gauge, measures


@measures("catalog")
def of_proof() -> Iterator[Metric]:
    """The same answers as on the pages, counted."""
    for name, found in (("systems", proof_of_systems()), ("services", proof_of_services())):
        counted = Counter(each.verdict.proof for each in found.values())
        rows = [((proof.value,), float(counted[proof])) for proof in Proof]
        yield gauge(name, f"How many {name} are proven to be recovered in time, stale or unproven.", rows, "proof")
