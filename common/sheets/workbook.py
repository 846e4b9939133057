"""XLSX, by openpyxl: a ZIP of XML that is looked at before it is unpacked, and read a row at a time."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from common.sheets.limits import MAX_COLUMNS, MAX_PART, MAX_PARTS, MAX_UNPACKED, NoTable, TooMuch
from common.sheets.table import Flaw, Line

#: So far to the right it is looked for cells that are too many.
WIDEST = 256
ROWS = ("xl/worksheets/", "xl/sharedStrings.xml")
#: What is never opened: pictures, macros and the like may be as big as the whole.
UNREAD = ("xl/media/", "xl/vbaProject.bin", "xl/embeddings/", "docProps/thumbnail", "xl/printerSettings/")


def lines(data: bytes) -> Iterator[Line]:
    """The rows of the first sheet that is shown. Raises TooMuch or NoTable."""
    _look_at(data)
    try:
        yield from _rows(data)
    except TooMuch:
        raise
    except Exception as error:
        raise NoTable from error


def _look_at(data: bytes) -> None:
    """Raises TooMuch for what would not end once it is unpacked: no part unpacks to more than it says."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise NoTable from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TooMuch
    if any(part.file_size > MAX_PART and not part.filename.startswith((*ROWS, *UNREAD)) for part in parts):
        raise TooMuch


def _rows(data: bytes) -> Iterator[Line]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    sheets = book.worksheets
    sheet = next((each for each in sheets if each.sheet_state == "visible"), sheets[0])
    # What the sheet says of its own size is not true of every one.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(min_row=1, max_col=WIDEST), 1):
        yield _line(number, row)


def _line(number: int, row: Any) -> Line:
    line = Line(number, [])
    filled = next((place for place in range(len(row), 0, -1) if row[place - 1].value is not None), 0)
    if filled > MAX_COLUMNS:
        raise TooMuch
    for place, cell in enumerate(row[:filled]):
        if cell.data_type == "f":
            line.flaws[place] = Flaw.FORMULA
        elif cell.data_type == "e":
            line.flaws[place] = Flaw.ERROR
        line.cells.append("" if place in line.flaws else _text(cell.value))
    return line


def _text(value: Any) -> str:
    """What stands in the cell, as people would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
