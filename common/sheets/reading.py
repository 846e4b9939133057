"""Reading a file that somebody sent: it is told from its content what it is, and nothing in it is trusted."""

import codecs
import csv
import io
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.sheets import workbook
from common.sheets.limits import MAX_BYTES, BrokenRow, NoTable, TooMuch, WrongEncoding
from common.sheets.table import Line, Table, gathered
from common.sheets.writing import unquoted

#: What CSV may be written in. UTF-8 unless somebody says otherwise: guessing turns names into other names.
ENCODINGS: dict[str, str | Promise] = {
    "utf-8": "UTF-8",
    "gb18030": _("GB18030 (Excel in Chinese)"),
    "cp1252": _("Windows-1252 (Excel in Western languages)"),
}
#: The first bytes of old workbooks, and of those with a password.
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
DELIMITERS = ",;\t"


def read(data: bytes, *, encoding: str = "utf-8") -> Table:
    """The table in an XLSX or CSV file. encoding: one of ENCODINGS, for CSV that says nothing of it itself.

    Raises TooMuch, NoTable, WrongEncoding, BrokenRow, NothingInIt, HeadingTwice or NoHeading.
    """
    if len(data) > MAX_BYTES:
        raise TooMuch
    if data.startswith(OLD_WORKBOOK):
        raise NoTable
    if data.startswith(b"PK\x03\x04"):
        return gathered(workbook.lines(data))
    return gathered(_lines(_text(data, encoding)))


def _text(data: bytes, encoding: str) -> str:
    """What begins with the mark of an encoding is written in that one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise WrongEncoding(encoding=encoding.removesuffix("-sig").upper()) from error
    if "\x00" in text:
        raise NoTable
    return text


def _lines(text: str) -> Iterator[Line]:
    """Rows as a spreadsheet counts them: a cell with line ends in it stays one."""
    told, rest = _told(text)
    delimiter = told or max(DELIMITERS, key=rest.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter, strict=True)
    number = 1 if told else 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise BrokenRow(row=number) from error
        if cells is None:
            return
        yield Line(number, [unquoted(cell).strip() for cell in cells])


def _told(text: str) -> tuple[str, str]:
    """The delimiter that the first line names, as Excel writes it, and the lines after it."""
    first, _end, rest = text.partition("\n")
    if first.startswith("sep=") and first[4:5] in DELIMITERS and not first[5:].strip():
        return first[4:5], rest
    return "", text
