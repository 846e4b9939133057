"""What a benchmark says: one figure, what it is held against, and whether that is good enough."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One row of the table. `holds` is None where there is nothing to hold the figure against."""

    what: str
    measured: str
    reference: str = ""
    ratio: float | None = None
    aim: str = ""
    holds: bool | None = None


def at_most(what: str, *, seconds: float, reference: float, against: str, times: float, plus: float = 0) -> Figure:
    """A time that may be so many times the reference's, and perhaps so many seconds more."""
    aim = f"≤ {times:g} ×" + (f" + {plus:g} s" if plus else "")
    return Figure(
        what,
        duration(seconds),
        f"{duration(reference)} {against}",
        round(seconds / reference, 2),
        aim,
        seconds <= reference * times + plus,
    )


def within(what: str, *, value: float, limit: float, unit: str, note: str = "") -> Figure:
    """A value that must not be over a limit."""
    return Figure(what, f"{value:.4g} {unit}{note}", "", None, f"≤ {limit:g} {unit}", value <= limit)


def told(what: str, measured: str, reference: str = "", ratio: float | None = None) -> Figure:
    """A figure for orientation, without an aim."""
    return Figure(what, measured, reference, ratio)


def duration(seconds: float) -> str:
    """3.2 s, 41 ms, 0.3 ms."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def say(figures: Iterable[Figure]) -> int:
    """One line of JSON each, for whoever runs all of them; the exit code is 1 when an aim is missed."""
    missed = False
    for figure in figures:
        print(json.dumps(asdict(figure), ensure_ascii=False), flush=True)
        missed = missed or figure.holds is False
    return int(missed)


def note(text: str) -> None:
    """What is going on, beside the figures."""
    print(text, file=sys.stderr, flush=True)
