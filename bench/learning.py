"""What earlier incidents teach, among many: similar ones, and the figures of a year.

    python -m bench.learning [MOST]      (1,000,000 incidents unless said otherwise)

Similar cases of a report with rare words, of one in Chinese, and of one in which every word stands in very many; what
looks the same while it is typed; figures anew, and as the page reads them. Beside each time stands the CPU time of the
process and of the database, which is the firmest on a machine that others use too.
"""

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil

from bench.figure import Figure, duration, note, say, told, within
from bench.house import house
from bench.search import fill, p95, timed

ROUNDS = 20
SLOWEST_MS, SLOWEST_FIGURES_MS = 100.0, 5_000.0
REPORTED = {
    "rare words": "The kestrel does not answer since noon, hall 7",
    "in Chinese": "上周的供应商发票找不到了",
    "words that stand in very many": "Payroll is slow today, the archive host said nothing",
}


def figures(most: int) -> Iterator[Figure]:
    from django.utils import timezone

    from incidents import selectors
    from incidents.selectors import FiguresWanted
    from incidents.services import report
    from people.choices import Role
    from people.services import create_person

    person = create_person(username="bench", name="Bench", roles=[Role.RESPONDER], by="system:bench")
    fill(most, person)
    note(f"{most} incidents")
    for what, description in REPORTED.items():
        incident = report(by=person, description=description)
        if not selectors.similar_to(incident, person):
            raise AssertionError(f"nothing like {description!r}")
        yield from _measured(f"similar cases, {what}, among {most:,}", lambda: selectors.similar_to(incident, person))  # noqa: B023  used at once
        yield from _measured(f"while it is typed, {what}, among {most:,}", lambda: _typed(description, person))  # noqa: B023  used at once
    wanted, now = FiguresWanted("month"), timezone.now()
    selectors.recent_figures(person, wanted, now)
    yield from _measured(
        f"figures of a year as the page reads them, among {most:,}",
        lambda: selectors.recent_figures(person, wanted, now),
    )
    seconds = p95([timed(lambda: selectors.figures(person, wanted, now)) for _round in range(5)])
    yield within(f"figures of a year, among {most:,}", value=seconds * 1000, limit=SLOWEST_FIGURES_MS, unit="ms")


def _typed(text: str, person: Any) -> None:
    from incidents import selectors

    selectors.known_problems(person, text=text)
    selectors.live_like(text, person)


def _measured(what: str, work: Callable[[], object]) -> Iterator[Figure]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    before = _cpu_seconds()
    taken = [timed(work) for _round in range(ROUNDS)]
    spent = (_cpu_seconds() - before) / ROUNDS
    yield within(what, value=p95(taken) * 1000, limit=SLOWEST_MS, unit="ms")
    yield told(f"{what}: CPU, with the database", duration(spent))
    yield told(f"{what}: statements", str(len(captured)))


def _cpu_seconds() -> float:
    """Of this process, and of the one of the database that answers it."""
    from django.db import connection

    connection.ensure_connection()
    answering = psutil.Process(connection.connection.info.backend_pid).cpu_times()
    return time.process_time() + answering.user + answering.system


def main() -> int:
    with house():
        return say(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))


if __name__ == "__main__":
    sys.exit(main())
