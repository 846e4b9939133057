"""What earlier incidents teach, among many: similar ones, and the figures of a year.

    python -m bench.learning [MOST]      (1,000,000 incidents unless said otherwise)

Similar cases of a report with rare words, of one in Chinese, and of one in which every word stands in very many.
"""

import sys
from collections.abc import Callable, Iterator

from bench.figure import Figure, note, say, told, within
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
    wanted, now = FiguresWanted("month"), timezone.now()
    seconds = p95([timed(lambda: selectors.figures(person, wanted, now)) for _round in range(5)])
    yield within(f"figures of a year, among {most:,}", value=seconds * 1000, limit=SLOWEST_FIGURES_MS, unit="ms")


def _measured(what: str, work: Callable[[], object]) -> Iterator[Figure]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    taken = [timed(work) for _round in range(ROUNDS)]
    yield within(what, value=p95(taken) * 1000, limit=SLOWEST_MS, unit="ms")
    yield told(f"{what}: statements", str(len(captured)))


def main() -> int:
    with house():
        return say(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))


if __name__ == "__main__":
    sys.exit(main())
