"""Lines over periods, as SVG paths: lengths are attributes, so that no style is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH, HEIGHT = 320.0, 72.0
TOP = 6.0


@dataclass(frozen=True)
class Label:
    """One word under or beside the lines."""

    x: str
    text: datetime
    anchor: str


@dataclass(frozen=True)
class Chart:
    """Two lines over the same periods. top: what the upper end stands for; None when nothing was measured."""

    median: str
    p90: str
    dots: list[tuple[str, str]]
    labels: list[Label]
    top: timedelta | None


def chart_of(
    periods: Sequence[datetime], medians: Sequence[timedelta | None], p90s: Sequence[timedelta | None]
) -> Chart:
    """The lines. A period in which nothing was measured is a gap, not a zero."""
    known = [each for each in (*medians, *p90s) if each is not None]
    top = max(known, default=None)
    places = [_place(number, len(periods)) for number in range(len(periods))]
    shown = [0, len(periods) // 2, len(periods) - 1]
    anchors = ["start", "middle", "end"]
    return Chart(
        median=_path(places, medians, top),
        p90=_path(places, p90s, top),
        dots=[(f"{x:.1f}", _height(each, top)) for x, each in zip(places, medians, strict=True) if each is not None],
        labels=[Label(f"{places[at]:.1f}", periods[at], anchor) for at, anchor in zip(shown, anchors, strict=True)],
        top=top,
    )


def _place(number: int, count: int) -> float:
    return WIDTH * number / max(count - 1, 1)


def _height(length: timedelta, top: timedelta | None) -> str:
    share = length / top if top else 0.0
    return f"{TOP + (HEIGHT - TOP) * (1 - share):.1f}"


def _path(places: Sequence[float], lengths: Sequence[timedelta | None], top: timedelta | None) -> str:
    path, is_open = [], False
    for x, length in zip(places, lengths, strict=True):
        if length is not None:
            path.append(f"{'L' if is_open else 'M'}{x:.1f} {_height(length, top)}")
        is_open = length is not None
    return "".join(path)
