"""Writing a table so that no spreadsheet takes a cell for a formula, and reading it back gives the same."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from common.sheets.table import Cell
from common.text import UNSAFE

#: A spreadsheet takes a cell that begins so for a formula; the wide ones do in Chinese and Japanese.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What XML has no room for, beside what is never kept.
NO_XML = re.compile(f"{UNSAFE.pattern}|[\ufffe\uffff]")
TITLE = re.compile(r"[\[\]:*?/\\]")
WIDTH = 24


def quoted(text: str) -> str:
    """With a mark before it where it could be a formula. `unquoted` takes it away again."""
    return f"'{text}" if text.startswith((*FORMULA, "'")) else text


def unquoted(text: str) -> str:
    """What was meant by a text that `quoted` may have marked."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*FORMULA, "'")) else text


def write_csv(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV in UTF-8 with its mark, without which Excel takes it for something else. Every cell is in quotation marks."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, quoting=csv.QUOTE_ALL)
    writer.writerow([quoted(each) for each in headings])
    for row in rows:
        writer.writerow([quoted(_plain(each)) for each in row])
    return sink.getvalue().encode("utf-8-sig", "replace")


def write_xlsx(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; its headings stay in sight. Texts are texts, whatever they begin with."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(TITLE.sub(" ", title)[:31] or "1")
    sheet.freeze_panes = "A2"
    for place in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTH
    for row in ([*headings], *rows):
        sheet.append([_cell(sheet, each) for each in row])
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def _plain(value: Cell) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _cell(sheet: Any, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if value is None or value == "":
        return None
    cell = WriteOnlyCell(sheet, NO_XML.sub("\ufffd", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        # Said after the value, which by itself would be a formula with “=” before it.
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA)
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


#: By format: how it is written, and what a browser is told that it is.
WRITERS: dict[str, tuple[Callable[[str, Sequence[str], Iterable[Sequence[Cell]]], bytes], str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
