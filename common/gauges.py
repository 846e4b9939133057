"""Lengths of bars: a measured value against its target, which always stands at 80 % of the width."""

from datetime import timedelta

#: Where targets stand, in per cent of the width. In a column all of them make one line.
WATERLINE = 80.0


def share(measured: timedelta | None, target: timedelta | None) -> str:
    """The width of the bar as an SVG length. Half the width when there is no target to stand against."""
    if measured is None:
        return "0%"
    if not target:
        return f"{WATERLINE / 2:.1f}%"
    part = WATERLINE * (measured / target)
    return f"{min(max(part, 0.6), 100.0):.1f}%"


def offsets(lengths: list[timedelta], whole: timedelta) -> list[tuple[str, str]]:
    """(start, width) of bars that follow one another, against `whole` at the waterline. None leaves the width."""
    scale = max(whole, sum(lengths, timedelta()) * (WATERLINE / 100))
    placed, start = [], 0.0
    for length in lengths:
        width = WATERLINE * (length / scale) if scale else 0.0
        placed.append((f"{start:.2f}%", f"{width:.2f}%"))
        start += width
    return placed
