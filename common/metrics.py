"""Figures of the whole installation for Prometheus: computed from the database when asked, so that any process tells
the same. Every floor adds its own, in a module of the name `metrics`, which is found by its name.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from common.models import Heartbeat, PendingFact
from common.request_counts import counts

log = logging.getLogger(__name__)

#: However often it is asked, the database is asked no more often than this.
KEPT_FOR = timedelta(seconds=5)
#: What takes longer is left out this time, and counted as missing.
LONGEST_QUERY_MS = 2000

Measure = Callable[[], Iterable[Metric]]
ROOMS: dict[str, Measure] = {}


def measures(room: str) -> Callable[[Measure], Measure]:
    """Have a function measure a room at every scrape."""

    def add(measure: Measure) -> Measure:
        ROOMS[room] = measure
        return measure

    return add


def gauge(name: str, meaning: str, rows: Iterable[tuple[tuple[str, ...], float]], *labels: str) -> GaugeMetricFamily:
    """One figure in several rows. rows: (values of the labels, value)."""
    family = GaugeMetricFamily(f"holdfast_{name}", meaning, labels=labels)
    for values, value in rows:
        family.add_metric(list(values), value)
    return family


class Figures(Collector):
    """Everything that all rooms measure, kept for some seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: bytes = b""
        self._kept_at = float("-inf")

    def text(self) -> bytes:
        """The figures in Prometheus' form. Who asks while somebody is measuring waits for the same answer."""
        with self._lock:
            if time.monotonic() - self._kept_at > KEPT_FOR.total_seconds():
                registry = CollectorRegistry(auto_describe=False)
                registry.register(self)
                self._kept, self._kept_at = generate_latest(registry), time.monotonic()
            return self._kept

    def forget(self) -> None:
        """Measure anew at the next question."""
        self._kept_at = float("-inf")

    def collect(self) -> Iterator[Metric]:
        """Room by room; one that fails takes no other with it."""
        autodiscover_modules("metrics")
        missing = []
        for room, measure in ROOMS.items():
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(LONGEST_QUERY_MS)])
                    yield from list(measure())
            except DatabaseError as error:
                log.warning("the figures of %s could not be computed: %s", room, error)
                missing.append(((room,), 1.0))
        yield gauge("figures_missing", "Rooms whose figures could not be computed this time.", missing, "room")
        yield from counts()


figures = Figures()


@measures("common")
def of_the_parts() -> Iterator[Metric]:
    """Signs of life, announcements that wait, and room on the disk."""
    now = timezone.now()
    ages = [((name,), (now - at).total_seconds()) for name, at in Heartbeat.objects.values_list("name", "at")]
    yield gauge("part_age_seconds", "Seconds since the last sign of life of a part.", ages, "part")
    waiting = float(PendingFact.objects.count())
    yield gauge("announcements_waiting", "Announcements that a receiver has not taken yet.", [((), waiting)])
    free = float(shutil.disk_usage(settings.DATA_DIR).free)
    yield gauge("storage_free_bytes", "Bytes that are free where DATA_DIR lies.", [((), free)])
