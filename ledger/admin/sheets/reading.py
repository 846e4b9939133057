"""From the rows of a file to what each asks for: which row there is, and which of its values would differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.sheets import Line, Table
from ledger.admin.sheets.columns import KEPT, Column
from ledger.admin.sheets.findings import Finding
from ledger.admin.sheets.sheet import Key, Sheet


@dataclass
class Wish:
    """What one row of the file asks for. row: the one there is, or that was made of it.

    values: all that could be read.  wanted: those that differ.  differing: columns with the value before.
    version: what the row was at when it was read; None once something of it was written.
    """

    line: Line
    values: dict[str, Any] = field(default_factory=dict)
    wanted: dict[str, Any] = field(default_factory=dict)
    differing: list[tuple[Column, Any, Any]] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    key: Key = ()
    row: Any = None
    version: int | None = None
    first_version: int | None = None
    is_new: bool = False

    def finding(self, sheet: Sheet) -> Finding:
        """The same for people."""
        labels = {column.name: str(column.label) for column in sheet.columns}
        outcome = "refused" if self.refusals else "added" if self.is_new else "changed" if self.differing else "same"
        return Finding(
            self.line.number,
            " · ".join(part for part in self.key if part),
            outcome,
            [[str(column.label), column.show(before), column.show(after)] for column, before, after in self.differing],
            [[labels.get(name, ""), sentence] for name, sentence in self.refusals],
        )


def wishes(sheet: Sheet, table: Table) -> list[Wish]:
    """What the rows ask for, without the columns that are late. Raises what `Sheet.columns_of` does."""
    found = [Wish(line) for line in table.lines]
    columns = sheet.columns_of(table)
    _refuse_flaws(found, columns)
    _read(found, [(place, column) for place, column in enumerate(columns) if not column.is_late])
    _match(sheet, found)
    for wish in found:
        _compare(sheet, wish, [column for column in columns if not column.is_late])
    return found


def read_late(sheet: Sheet, table: Table, found: Sequence[Wish]) -> None:
    """The columns that name rows of the same list, once these are there."""
    late = [(place, column) for place, column in enumerate(sheet.columns_of(table)) if column.is_late]
    for wish in found:
        wish.wanted = {}
    if late:
        _read(found, late)
        for wish in found:
            if wish.row is not None:
                _compare(sheet, wish, [column for _place, column in late])


def _refuse_flaws(found: Sequence[Wish], columns: Sequence[Column]) -> None:
    for wish in found:
        wish.refusals += [(columns[place].name, str(flaw.sentence)) for place, flaw in wish.line.flaws.items()]


def _read(found: Sequence[Wish], columns: Sequence[tuple[int, Column]]) -> None:
    for place, column in columns:
        reader = column.reader({wish.line.cells[place] for wish in found if wish.line.cells[place]})
        for wish in found:
            if place not in wish.line.flaws:
                _read_cell(wish, column, reader, wish.line.cells[place])


def _read_cell(wish: Wish, column: Column, reader: Callable[[str], Any], text: str) -> None:
    try:
        value = reader(text) if text else column.empty
    except ValidationError as error:
        wish.refusals += [(column.name, sentence) for sentence in error.messages]
        return
    if value is not KEPT:
        wish.values[column.name] = value


def _match(sheet: Sheet, found: Sequence[Wish]) -> None:
    """Which row each is about. One that is named twice, in the file or in the list, is refused."""
    for wish in found:
        wish.key = sheet.key_of(wish.values)
    there = sheet.matching({wish.key for wish in found})
    first: dict[Key, Wish] = {}
    for wish in found:
        earlier, rows = first.setdefault(wish.key, wish), there.get(wish.key, [])
        if not wish.key[0]:
            _refuse(wish, sheet.key[0], _("This must be filled in."))
        elif earlier is not wish:
            said = _("Row %(row)s is about the same. Keep one of the two.") % {"row": earlier.line.number}
            _refuse(wish, sheet.key[0], said)
        elif len(rows) > 1:
            said = _("There are %(count)s that are called so. Change them on their own pages.") % {"count": len(rows)}
            _refuse(wish, sheet.key[0], said)
        elif rows:
            wish.row, wish.version, wish.first_version = rows[0], rows[0].version, rows[0].version
        else:
            wish.is_new = True


def _compare(sheet: Sheet, wish: Wish, columns: Sequence[Column]) -> None:
    if wish.row is None and not wish.is_new:
        return
    before = {} if wish.is_new else {each.name: each.of(wish.row) for each in columns}
    for column in columns:
        if column.is_required and not wish.values.get(column.name):
            _refuse(wish, column.name, _("This must be filled in."))
        elif column.name in wish.values:
            was, will = before.get(column.name, column.empty), wish.values[column.name]
            if was is KEPT or not column.same(was, will):
                wish.wanted[column.name] = will
                wish.differing.append((column, None if was is KEPT else was, will))
    if sheet.check is not None and not wish.refusals:
        wish.refusals += sheet.check(None if wish.is_new else wish.row, wish.values, wish.wanted).items()


def _refuse(wish: Wish, name: str, sentence: str) -> None:
    """One sentence a column is enough."""
    if name not in {known for known, _sentence in wish.refusals}:
        wish.refusals.append((name, sentence))
