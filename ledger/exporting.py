"""A period of the ledger as a file that can be checked without the database (`ledger.offline`).

The file is a ZIP of three: `ledger.jsonl` (each seal, then the entries it holds, then those that wait
for theirs), `ledger.csv` for people, and `manifest.json` with counts, the newest head and the digests of
both. The period is widened to whole seals, because only a whole seal can be computed again. It holds what
was there at one moment: which seals, and what waits for one, is read then; what a seal holds never changes, so
it is read a few seals at a time while the file leaves, however slowly, and no transaction stays open for it.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.archives import Sink
from ledger import reading
from ledger.canonical import ENTRY_FIELDS, SEAL_FIELDS
from ledger.models import Seal
from ledger.reading import Values
from ledger.services import Actor, record

FORMAT = "holdfast-ledger-1"
LINES, TABLE, MANIFEST = "ledger.jsonl", "ledger.csv", "manifest.json"
SEALS_AT_ONCE = 50
SEAL_COLUMNS = (*SEAL_FIELDS, "at", "head", "key_id", "mac")
ENTRY_COLUMNS = ("seal_id", "position", "digest", "at", *ENTRY_FIELDS, "key_id", "mac")
#: A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass
class Manifest:
    """What is in the file. `head` is that of its last seal; entries without a seal are only signed."""

    since: str
    until: str
    made_at: str
    first_seal: int = 0
    last_seal: int = 0
    seals: int = 0
    entries: int = 0
    unsealed: int = 0
    head: str = ""
    sha256: dict[str, str] = field(default_factory=dict)
    format: str = FORMAT


@transaction.atomic
def begin(*, since: datetime, until: datetime, by: Actor) -> None:
    """Write down that somebody takes a period of the ledger with them; `stream` then gives it."""
    newest = Seal.objects.order_by("-number").first()
    data = {"since": since, "until": until, "head": newest.head if newest else ""}
    record(verb="ledger.exported", subject=newest or Seal(number=0), actor=by, data=data)


def stream(*, since: datetime, until: datetime) -> Iterator[bytes]:
    """The file, piece by piece, in memory that does not grow with it."""
    sink = Sink()
    made = Manifest(_instant(since), _instant(until), _instant(timezone.now()))
    with reading.one_moment():
        made.first_seal, made.last_seal = reading.seals_around(since, until)
        waiting = [entry for entry in reading.unsealed() if since <= entry["at"] < until]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        yield from _part(archive, sink, made, LINES, _lines(made, waiting))
        yield from _part(archive, sink, made, TABLE, _table(made, waiting))
        archive.writestr(MANIFEST, json.dumps(asdict(made), indent=2))
    yield sink.take()


def _part(archive: zipfile.ZipFile, sink: Sink, made: Manifest, name: str, lines: Iterator[str]) -> Iterator[bytes]:
    digest = sha256()
    with archive.open(name, "w", force_zip64=True) as part:
        for line in lines:
            data = line.encode()
            digest.update(data)
            part.write(data)
            if sink.has_chunk:
                yield sink.take()
    made.sha256[name] = digest.hexdigest()


def _lines(made: Manifest, waiting: Sequence[Values]) -> Iterator[str]:
    """One JSON object a line, `kind` seal or entry."""
    places = reading.Peekable(_in_steps(made, reading.places))
    for seal in _in_steps(made, reading.seals):
        made.seals, made.head = made.seals + 1, seal["head"]
        yield _line("seal", seal, SEAL_COLUMNS)
        while (place := places.peek()) and place["seal_id"] == seal["number"]:
            made.entries += 1
            yield _line("entry", place, ENTRY_COLUMNS)
            places.take()
    for entry in waiting:
        made.entries, made.unsealed = made.entries + 1, made.unsealed + 1
        yield _line("entry", entry, ENTRY_COLUMNS)


def _table(made: Manifest, waiting: Sequence[Values]) -> Iterator[str]:
    """The same entries for a spreadsheet, in which no cell is a formula."""
    yield _row(ENTRY_COLUMNS)
    for place in _in_steps(made, reading.places):
        yield _row(_cell(place[name]) for name in ENTRY_COLUMNS)
    for entry in waiting:
        yield _row(_cell(entry.get(name)) for name in ENTRY_COLUMNS)


def _in_steps(made: Manifest, read: Callable[[int, int], Iterator[Values]]) -> Iterator[Values]:
    """Rows of all the seals, by number."""
    for first in range(made.first_seal, made.last_seal + 1, SEALS_AT_ONCE):
        yield from read(first, min(first + SEALS_AT_ONCE - 1, made.last_seal))


def _line(kind: str, values: Values, columns: Iterable[str]) -> str:
    shown = {"kind": kind} | {name: _plain(values.get(name)) for name in columns}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")) + "\n"


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> str:
    plain = _plain(value)
    text = (
        json.dumps(plain, ensure_ascii=False) if isinstance(plain, dict | list) else str("" if plain is None else plain)
    )
    return f"'{text}" if text.startswith(FORMULA) else text


def _plain(value: Any) -> Any:
    return _instant(value) if isinstance(value, datetime) else value


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"
