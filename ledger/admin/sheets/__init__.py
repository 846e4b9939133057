"""Lists that people keep in spreadsheets: taken along as a file, and read in after a preview of every row."""

from ledger.admin.sheets.columns import Choice, Choices, Column, Day, Duration, Flag, Number, Text
from ledger.admin.sheets.doors import SheetAdmin
from ledger.admin.sheets.references import Named, Reference, References
from ledger.admin.sheets.sheet import Sheet

__all__ = [
    "Choice",
    "Choices",
    "Column",
    "Day",
    "Duration",
    "Flag",
    "Named",
    "Number",
    "Reference",
    "References",
    "Sheet",
    "SheetAdmin",
    "Text",
]
