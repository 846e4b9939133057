"""How much of a table is read, and what is refused as a whole."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 50
MAX_CHARACTERS = 10_000
#: What a workbook may hold once it is unpacked: it is a ZIP, and a small one can be made to fill any disk.
MAX_UNPACKED = 20 * 1024 * 1024
#: The same for its parts that are no rows: styles and names, which are read as a whole.
MAX_PART = 2 * 1024 * 1024
MAX_PARTS = 500
#: Empty rows between others count here; a row may call itself the billionth.
MAX_POSITION = 20_000


class TooMuch(DomainError):
    """More than a list of people or services has."""

    code = "sheet_too_much"
    status = 413
    template = _(
        "This file is too big. At most %(rows)s rows, %(columns)s columns and %(megabytes)s MB are read; "
        "split it, or remove what is not needed."
    )

    def __init__(self) -> None:
        super().__init__(rows=MAX_ROWS, columns=MAX_COLUMNS, megabytes=MAX_BYTES // 1024 // 1024)


class NoTable(DomainError):
    """Neither of the two formats, or a workbook that is broken."""

    code = "sheet_no_table"
    status = 400
    template = _(
        "This cannot be read as a table. Save it as an Excel workbook (.xlsx) without a password, or as CSV, "
        "and upload it again."
    )


class WrongEncoding(DomainError):
    """Bytes that are no text in the encoding that was named."""

    code = "sheet_wrong_encoding"
    status = 400
    template = _("This file is not written in %(encoding)s. Choose the encoding it was saved with.")


class BrokenRow(DomainError):
    """A row that is not CSV."""

    code = "sheet_broken_row"
    status = 400
    template = _("Row %(row)s is not CSV: a quotation mark is missing or one too many, or a cell is far too long.")


class NothingInIt(DomainError):
    """Headings without rows, or not even headings."""

    code = "sheet_nothing_in_it"
    status = 400
    template = _("There are no rows in this file. Its first row holds the headings, the rows below hold the data.")


class HeadingTwice(DomainError):
    """Which of the two counts, nobody can say."""

    code = "sheet_heading_twice"
    status = 400
    template = _("The heading “%(heading)s” is there twice. Keep one of the columns.")


class NoHeading(DomainError):
    """Data of which nobody can say what it is."""

    code = "sheet_no_heading"
    status = 400
    template = _("Column %(column)s of row %(row)s holds data but has no heading.")
