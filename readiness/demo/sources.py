"""What the demo's sources hold: real tables and real files, as small as they can be and still tell the story.

The story: supplier invoices arrive as files, are posted in accounting, and should be kept in the archive. Some days
ago the archive stopped taking them in, and nobody noticed. What accounting knows, the archive does not have: its
restore test says so, because it asks how old the newest invoice in the restored archive is.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

DAYS, A_DAY = 120, 4
#: So long ago the archive stopped.
STOPPED_BEFORE = timedelta(days=11)
SUPPLIERS = 12

#: What the statements are filled with.
NUMBERS = {"days": DAYS, "a_day": A_DAY, "suppliers": SUPPLIERS, "stopped": STOPPED_BEFORE.days}

ACCOUNTING = """
CREATE TABLE suppliers (id int PRIMARY KEY, name text NOT NULL, tax_number text UNIQUE);
INSERT INTO suppliers SELECT n, 'Supplier ' || n, 'TAX-' || 100000 + n FROM generate_series(1, %(suppliers)s) n;
CREATE TABLE invoices (
    number text PRIMARY KEY, supplier int NOT NULL REFERENCES suppliers, issued_on date NOT NULL,
    amount numeric(12, 2) NOT NULL CHECK (amount > 0), posted_at timestamptz NOT NULL
);
INSERT INTO invoices
SELECT 'R-' || to_char(day, 'YYMMDD') || '-' || n, 1 + (extract(doy FROM day)::int * %(a_day)s + n) %% %(suppliers)s,
    day::date, 100 + (extract(doy FROM day)::int * 37 + n * 911) %% 9000, day + interval '10 hours'
FROM generate_series(current_date - %(days)s, current_date, interval '1 day') day, generate_series(1, %(a_day)s) n;
CREATE TABLE payments (
    id serial PRIMARY KEY, invoice text NOT NULL REFERENCES invoices, paid_at timestamptz NOT NULL
);
INSERT INTO payments (invoice, paid_at)
SELECT number, posted_at + interval '14 days' FROM invoices WHERE issued_on < current_date - 14;
"""

ARCHIVE = """
CREATE TABLE documents (
    id serial PRIMARY KEY, invoice text NOT NULL UNIQUE, file text NOT NULL, archived_at timestamptz NOT NULL
);
INSERT INTO documents (invoice, file, archived_at)
SELECT 'R-' || to_char(day, 'YYMMDD') || '-' || n,
    to_char(day, 'YYYY-MM') || '/R-' || to_char(day, 'YYMMDD') || '-' || n || '.xml', day + interval '11 hours'
FROM generate_series(current_date - %(days)s, current_date - %(stopped)s, interval '1 day') day,
    generate_series(1, %(a_day)s) n;
"""

PAYROLL = """
CREATE TABLE employees (id int PRIMARY KEY, number text UNIQUE NOT NULL, hired_on date NOT NULL);
INSERT INTO employees SELECT n, 'E' || 1000 + n, current_date - n * 40 FROM generate_series(1, 80) n;
CREATE TABLE payslips (
    id serial PRIMARY KEY, employee int NOT NULL REFERENCES employees, month date NOT NULL, net numeric(10, 2) NOT NULL,
    UNIQUE (employee, month)
);
INSERT INTO payslips (employee, month, net)
SELECT e.id, month, 1800 + e.id * 13 FROM employees e,
    generate_series(date_trunc('month', current_date) - interval '5 months', current_date, interval '1 month') month;
"""


@dataclass(frozen=True)
class File:
    """One file of a folder: where, what, and when it was last changed."""

    path: str
    text: str
    changed_at: datetime


def archived(now: datetime) -> Iterator[File]:
    """The invoices that reached the archive: none since it stopped."""
    for before in range(STOPPED_BEFORE.days, DAYS + 1):
        day = now - timedelta(days=before)
        for number in range(1, A_DAY + 1):
            name = f"R-{day:%y%m%d}-{number}"
            yield File(f"{day:%Y-%m}/{name}.xml", _invoice(name, day), day)


def orders(now: datetime) -> Iterator[File]:
    """What the purchasing portal keeps: one order a day, and its confirmation."""
    for before in range(60):
        day = now - timedelta(days=before)
        yield File(f"orders/{day:%Y}/PO-{day:%y%m%d}.txt", f"Purchase order of {day:%Y-%m-%d}\n", day)
        yield File(f"confirmations/PO-{day:%y%m%d}.txt", f"Confirmed on {day:%Y-%m-%d}\n", day)


def contracts(now: datetime) -> Iterator[File]:
    """The register of contracts: one list, and a file for each."""
    names = [f"C-{number:03d}" for number in range(1, 31)]
    yield File("register.csv", "number\n" + "\n".join(names) + "\n", now - timedelta(days=2))
    for number, name in enumerate(names):
        yield File(f"signed/{name}.txt", f"Contract {name}\n", now - timedelta(days=20 * number))


def branch(now: datetime) -> Iterator[File]:
    """The file share of a branch office."""
    for week in range(12):
        day = now - timedelta(weeks=week)
        yield File(f"reports/{day:%G-W%V}.md", f"# Week {day:%V}\n\nNothing unusual.\n", day)
        yield File(f"deliveries/{day:%G-W%V}.csv", "slip;pieces\n" + f"L{week:03d};{12 + week}\n" * 5, day)


def put(folder: Path, files: Iterator[File]) -> None:
    """Write the files, each with its time. A folder that is there stays as it is."""
    if folder.is_dir():
        return
    unfinished = folder.with_name(f"{folder.name}.part")
    for file in files:
        path = unfinished / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
        os.utime(path, (file.changed_at.timestamp(), file.changed_at.timestamp()))
    unfinished.rename(folder)


def _invoice(number: str, day: datetime) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Invoice number="{number}" issued="{day:%Y-%m-%d}" currency="EUR">\n'
        '  <Line description="Services" quantity="1"/>\n</Invoice>\n'
    )
