"""How many requests this web process answered, and how long that took. Each web process counts for itself."""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

#: Upper bounds in seconds; above the last is the rest.
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_lock = threading.Lock()
_answers: Counter[str] = Counter()
_durations = [0] * (len(BOUNDS) + 1)
_seconds = 0.0


def count(status: int, seconds: float) -> None:
    """One request was answered."""
    global _seconds
    with _lock:
        _answers[f"{status // 100}xx"] += 1
        _durations[bisect_left(BOUNDS, seconds)] += 1
        _seconds += seconds


def counts() -> Iterator[Metric]:
    """What was counted since this process began."""
    with _lock:
        answers, durations, seconds = dict(_answers), list(_durations), _seconds
    family = CounterMetricFamily("holdfast_requests", "Requests that this web process answered.", labels=["status"])
    for status, number in sorted(answers.items()):
        family.add_metric([status], number)
    yield family
    reached, buckets = 0, []
    for bound, number in zip([*map(str, BOUNDS), "+Inf"], durations, strict=True):
        reached += number
        buckets.append((bound, reached))
    meaning = "How long this web process took to answer."
    yield HistogramMetricFamily("holdfast_request_seconds", meaning, buckets=buckets, sum_value=seconds)
