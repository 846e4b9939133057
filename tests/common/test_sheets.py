"""Files that people send as tables: what is one is read, all else is refused with a sentence, and nothing breaks."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from common.errors import DomainError
from common.sheets import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    BrokenRow,
    Flaw,
    HeadingTwice,
    NoHeading,
    NoTable,
    NothingInIt,
    TooMuch,
    WrongEncoding,
    read,
    write_csv,
    write_xlsx,
)
from common.sheets.limits import MAX_UNPACKED

CHINESE = "名称,值班\n财务,是\n"


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def changed(data, **parts):
    """The workbook with other parts, by their name without folder and ending."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            stem = info.filename.rpartition("/")[2].partition(".")[0]
            new.writestr(info.filename, parts.pop(stem, old.read(info.filename)))
        for name, content in parts.items():
            new.writestr(name, content)
    return sink.getvalue()


def sheet_of(rows):
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'


def cells(data, **options):
    return [line.cells for line in read(data, **options).lines]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (CHINESE.encode(), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "gb18030"),
        (CHINESE.encode("gb18030"), "gb18030"),
        (CHINESE.encode("utf-16"), "utf-8"),
        (CHINESE.replace(",", ";").encode(), "utf-8"),
        (CHINESE.replace(",", "\t").encode("utf-16"), "utf-8"),
        (b"sep=;\r\n" + CHINESE.replace(",", ";").encode(), "utf-8"),
    ],
)
def test_the_encodings_and_delimiters_of_spreadsheets_are_read(data, encoding):
    table = read(data, encoding=encoding)
    assert (table.headings, cells(data, encoding=encoding)) == (["名称", "值班"], [["财务", "是"]])


def test_rows_count_as_the_spreadsheet_counts_them():
    table = read(b'a,b\n\n"x\ny",1\n,\nz,2\n')
    assert [(line.number, line.cells) for line in table.lines] == [(3, ["x\ny", "1"]), (5, ["z", "2"])]


def test_columns_that_are_empty_and_have_no_heading_are_left_out():
    assert read(b"a,,b,,\n1,,2,,\n").headings == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", NothingInIt),
        (b"\xef\xbb\xbf", NothingInIt),
        (b"\n\n,,\n", NothingInIt),
        (b"a,b\n", NothingInIt),
        (b"a,b\nM\xfcller,1\n", WrongEncoding),
        (b"a,b\n1,\x00\n", NoTable),
        (b"\xff\xfea", WrongEncoding),
        (b"a,A\n1,2\n", HeadingTwice),
        (b"a\n1,2\n", NoHeading),
        (b'a,b\n"1,2\n', BrokenRow),
        (b'a,b\n"1"2,3\n', BrokenRow),
        (b"a\n" + b"x" * 200_000, BrokenRow),
        (b"a\n" + b"1\n" * (MAX_ROWS + 1), TooMuch),
        (b",".join([b"x%d" % number for number in range(MAX_COLUMNS + 1)]) + b"\n1", TooMuch),
        (b"x" * (MAX_BYTES + 1), TooMuch),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, NoTable),
        (b"PK\x03\x04" + b"x" * 600, NoTable),
        (b"%PDF-1.7\n\x00\xff", WrongEncoding),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(data, refusal):
    with pytest.raises(refusal) as refused:
        read(data)
    assert refused.value.message


def test_a_cell_that_cannot_be_kept_is_refused_by_itself():
    table = read(b"a,b\n" + b"\x1b[31m," + b"x" * 20_000 + b"\n")
    assert table.lines[0].flaws == {0: Flaw.UNSAFE, 1: Flaw.LONG}
    assert len(table.lines[0].cells[1]) <= 100


def test_a_workbook_is_read_as_people_would_type_it():
    data = workbook(
        ["day", "moment", "span", "number", "half", "yes", "text", "clock"],
        [
            date(2026, 1, 2),
            datetime.fromisoformat("2026-01-02 03:04"),
            timedelta(hours=4),
            7.0,
            1.5,
            True,
            "  a ",
            time(4, 0),
        ],
    )
    assert cells(data) == [["2026-01-02", "2026-01-02 03:04:00", "4:00:00", "7", "1.5", "yes", "a", "04:00:00"]]


def test_formulas_and_errors_of_a_workbook_are_refused_cell_by_cell():
    data = workbook(["a", "b", "c"], ['=HYPERLINK("http://x")', "#REF!", "kept"])
    assert read(data).lines[0].flaws == {0: Flaw.FORMULA, 1: Flaw.ERROR}


def test_a_hidden_sheet_is_not_the_one_that_is_read():
    book = Workbook()
    book.active.append(["a"])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("shown")
    shown.append(["b"])
    shown.append(["1"])
    sink = io.BytesIO()
    book.save(sink)
    assert read(sink.getvalue()).headings == ["b"]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
FAR_DOWN = '<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999999"><c r="A2"><v>1</v></c></row>'
FAR_RIGHT = '<row r="1"><c r="ZZZ1"><v>1</v></c><c r="ZZZZZZ1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "parts",
    [
        {"sheet1": "x" * MAX_UNPACKED},
        {"styles": "x" * 3_000_000},
        {f"more{number}": "" for number in range(600)},
        {"sheet1": sheet_of(FAR_DOWN)},
        {"sheet1": sheet_of(FAR_RIGHT)},
        {"sheet1": sheet_of("<row><c><v>" + "9" * 5000 + "</v></c></row>")},
        {"sheet1": BOMB + sheet_of("<row><c t='inlineStr'><is><t>&b;</t></is></c></row>")},
        {"sheet1": "<not xml"},
        {"sheet1": sheet_of("<row><c t='s'><v>99</v></c></row>")},
        {"workbook": "<workbook/>"},
        {"workbook": BOMB},
        {"[Content_Types]": ""},
    ],
    ids=lambda parts: next(iter(parts)),
)
def test_a_workbook_made_to_hurt_is_refused_at_once(parts):
    data = changed(workbook(["a"], ["1"]), **parts)
    assert len(data) < MAX_BYTES
    with pytest.raises(DomainError):
        read(data)


def test_a_broken_workbook_is_refused_wherever_it_is_cut_off():
    data = workbook(["a"], ["1"])
    for end in range(10, len(data), 300):
        with pytest.raises(NoTable):
            read(data[:end])


HOSTILE = ["=1+1", "+1", "-1", "@x", "\tx", "＝x", "'x", "'=x", "''x", '"', "a;b", "a,b", "x\ny", "_x0041_", "007", "½"]


def test_no_cell_that_is_written_is_a_formula():
    text = write_csv("t", ["a"], [[each] for each in HOSTILE]).decode("utf-8-sig")
    assert not any(line.startswith(('"=', '"+', '"-', '"@', '"\t', '"＝')) for line in text.splitlines())
    with zipfile.ZipFile(io.BytesIO(write_xlsx("t", ["a"], [[each] for each in HOSTILE]))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_was_written_is_read_back(write):
    data = write("[x]: a/b*", ["=a", "b", "c"], [[each, date(2026, 1, 2), 7] for each in HOSTILE])
    table = read(data)
    assert table.headings == ["=a", "b", "c"]
    assert [line.cells for line in table.lines] == [[each.strip(), "2026-01-02", "7"] for each in HOSTILE]
    assert not any(line.flaws for line in table.lines)


def test_characters_that_no_file_has_room_for_do_not_stop_an_export():
    for write in (write_csv, write_xlsx):
        assert read(write("t", ["a"], [["x\ud800y"], ["\ufffex"]])).lines
    assert read(write_xlsx("t", ["a"], [["\x01"]])).lines[0].cells == ["\ufffd"]
