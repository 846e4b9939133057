"""A table as it was read: headings, and rows of text."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.sheets.limits import (
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_POSITION,
    MAX_ROWS,
    HeadingTwice,
    NoHeading,
    NothingInIt,
    TooMuch,
)
from common.text import UNSAFE

#: What is written into a cell.
Cell = str | int | date | None


class Flaw(StrEnum):
    """Why a cell is not taken as it is."""

    FORMULA = "formula"
    ERROR = "error"
    LONG = "long"
    UNSAFE = "unsafe"

    @property
    def sentence(self) -> str | Promise:
        """For people."""
        return _SENTENCES[self]


_SENTENCES: dict[Flaw, str | Promise] = {
    Flaw.FORMULA: _("This cell holds a formula. Put its value in its place."),
    Flaw.ERROR: _("This cell shows an error of the spreadsheet."),
    Flaw.LONG: _("This cell holds too much text."),
    Flaw.UNSAFE: _("This holds characters that cannot be kept. Type it again as plain text."),
}


@dataclass
class Line:
    """One row. number: as the spreadsheet counts it.  flaws: by the position of the cell."""

    number: int
    cells: list[str]
    flaws: dict[int, Flaw] = field(default_factory=dict)


@dataclass
class Table:
    """Headings, no two alike, and a cell below each of them in every line."""

    headings: list[str]
    lines: list[Line]


def gathered(found: Iterable[Line]) -> Table:
    """The table that these rows make, the first that is not empty being its headings.

    Raises TooMuch, NothingInIt, HeadingTwice or NoHeading. Stops reading as soon as it is too much.
    """
    filled = _filled(found)
    first = next(filled, None)
    if first is None:
        raise NothingInIt
    headings = [" ".join(each.split()) for each in first.cells]
    while headings and not headings[-1]:
        headings.pop()
    for heading, again in itertools.groupby(sorted(each.casefold() for each in headings if each)):
        if len(list(again)) > 1:
            raise HeadingTwice(heading=heading)
    lines = [_below(headings, line) for line in filled]
    if not lines:
        raise NothingInIt
    kept = [place for place, heading in enumerate(headings) if heading]
    return Table([headings[place] for place in kept], [_only(kept, line) for line in lines])


def _filled(found: Iterable[Line]) -> Iterator[Line]:
    """Those that hold something, each checked."""
    count = 0
    for line in found:
        if line.number > MAX_POSITION:
            raise TooMuch
        if not any(line.cells) and not line.flaws:
            continue
        count += 1
        if count > MAX_ROWS + 1 or any(line.cells[MAX_COLUMNS:]):
            raise TooMuch
        yield _checked(line)


def _checked(line: Line) -> Line:
    for place, text in enumerate(line.cells):
        if len(text) > MAX_CHARACTERS:
            line.cells[place], line.flaws[place] = text[:100], Flaw.LONG
        if UNSAFE.search(text):
            line.cells[place], line.flaws[place] = UNSAFE.sub("\ufffd", text[:100]), Flaw.UNSAFE
    return line


def _below(headings: list[str], line: Line) -> Line:
    for place, text in enumerate(line.cells):
        if (text or place in line.flaws) and (place >= len(headings) or not headings[place]):
            raise NoHeading(column=place + 1, row=line.number)
    line.cells = [*line.cells, *[""] * len(headings)][: len(headings)]
    return line


def _only(kept: list[int], line: Line) -> Line:
    flaws = {place: line.flaws[old] for place, old in enumerate(kept) if old in line.flaws}
    return Line(line.number, [line.cells[old] for old in kept], flaws)
