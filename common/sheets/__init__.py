"""Tables that people keep in spreadsheets: CSV and XLSX, read without trust and written without formulas."""

from common.sheets.limits import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    BrokenRow,
    HeadingTwice,
    NoHeading,
    NoTable,
    NothingInIt,
    TooMuch,
    WrongEncoding,
)
from common.sheets.reading import ENCODINGS, read
from common.sheets.table import Cell, Flaw, Line, Table
from common.sheets.writing import WRITERS, write_csv, write_xlsx

__all__ = [
    "ENCODINGS",
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "WRITERS",
    "BrokenRow",
    "Cell",
    "Flaw",
    "HeadingTwice",
    "Line",
    "NoHeading",
    "NoTable",
    "NothingInIt",
    "Table",
    "TooMuch",
    "WrongEncoding",
    "read",
    "write_csv",
    "write_xlsx",
]
