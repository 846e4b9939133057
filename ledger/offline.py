"""Checking an exported period without the database: everything is computed again from the file alone.

What this shows is that the file is whole and fits its own heads. That those heads are ours is shown by a
head that left the house (`head`), or by signatures where the key folder is at hand.
"""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger.canonical import ENTRY_FIELDS, SEAL_FIELDS, Signatures, canonical_of, digest_of
from ledger.choices import Problem
from ledger.exporting import ENTRY_COLUMNS, FORMAT, LINES, MANIFEST, SEAL_COLUMNS, TABLE
from ledger.findings import Finding, Report, Wrong
from ledger.merkle import Tree
from ledger.reading import Values

#: A line is one entry: nothing that we wrote is longer.
LONGEST_LINE = 16 << 20
CHUNK = 1 << 20


class NotAnExport(Exception):
    """The file is no exported period, or a damaged one. The argument says what is wrong with it."""


def verify_export(path: Path, *, head: str = "") -> Report:
    """Compute an exported period again, in flat memory. head: one that left the house, which has to be in it.

    Raises NotAnExport.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _verify(archive, head)
    except (OSError, zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise NotAnExport(str(error)) from error


def _verify(archive: zipfile.ZipFile, head: str) -> Report:
    manifest = json.loads(archive.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise NotAnExport(MANIFEST)
    walk = Walk()
    try:
        with archive.open(LINES) as lines:
            walk.over(_rows(lines))
        walk.against(head)
    except Wrong as wrong:
        walk.report.first_bad = wrong.finding
        return walk.report
    for name in (LINES, TABLE):
        if _digest(archive, name) != manifest.get("sha256", {}).get(name):
            walk.report.first_bad = Finding(Problem.FILE_CHANGED, subject=name)
            return walk.report
    said = {name: manifest.get(name) for name in ("seals", "entries", "unsealed", "head")}
    if said != {name: getattr(walk.report, name) for name in said}:
        walk.report.first_bad = Finding(Problem.FILE_CHANGED, subject=MANIFEST)
    return walk.report


class Walk:
    """One pass through the lines, and what was learned so far."""

    def __init__(self) -> None:
        self.report = Report()
        self._signatures = Signatures()
        self._seal: Values | None = None
        self._tree = Tree()
        self._heads: set[str] = set()
        self._number = 0

    def over(self, rows: Iterator[Values]) -> None:
        """Every seal with its entries, then those that no seal holds. Raises Wrong."""
        for row in rows:
            if row["kind"] == "seal":
                self._end_seal()
                self._begin_seal(row)
            elif row["seal_id"] is None:
                self._end_seal()
                self._take_unsealed(row)
            else:
                self._take(row)
        self._end_seal()

    def against(self, head: str) -> None:
        """The head that somebody kept is one of the file's."""
        if head and head not in self._heads:
            raise Wrong(Finding(Problem.HEAD_UNKNOWN))

    def _begin_seal(self, seal: Values) -> None:
        last = self.report
        is_next = not last.seals or (seal["number"] == self._number + 1 and seal["previous_head"] == last.head)
        if not is_next or last.unsealed:
            raise Wrong(Finding(Problem.SEAL_REMOVED, seal=seal["number"]))
        body = canonical_of(seal, SEAL_FIELDS)
        if sha256(body).hexdigest() != seal["head"]:
            raise Wrong(Finding(Problem.SEAL_CHANGED, seal=seal["number"]))
        self._check_signature(seal, body, Finding(Problem.SEAL_NOT_OURS, seal=seal["number"]))
        self._seal, self._tree, self._number = seal, Tree(), seal["number"]
        last.seals, last.head = last.seals + 1, seal["head"]
        self._heads.add(seal["head"])

    def _take(self, entry: Values) -> None:
        seal = self._seal
        if seal is None or entry["seal_id"] != seal["number"] or entry["position"] != self._tree.count:
            raise Wrong(Finding(Problem.PLACE_REMOVED, seal=entry["seal_id"], position=self._tree.count))
        if entry["id"] is None:
            raise Wrong(Finding(Problem.REMOVED, seal=seal["number"], position=entry["position"]))
        body = canonical_of(entry, ENTRY_FIELDS)
        if digest_of(body, entry["key_id"], entry["mac"]) != entry["digest"]:
            raise Wrong(_about(Problem.CHANGED, entry))
        self._check_signature(entry, body, _about(Problem.NOT_OURS, entry))
        self._tree.add(entry["digest"])
        self.report.entries += 1

    def _end_seal(self) -> None:
        seal, self._seal = self._seal, None
        if seal is None:
            return
        if self._tree.count != seal["entries_count"]:
            raise Wrong(Finding(Problem.PLACE_REMOVED, seal=seal["number"], position=self._tree.count))
        if self._tree.root() != seal["root"]:
            raise Wrong(Finding(Problem.SEAL_CHANGED, seal=seal["number"]))

    def _take_unsealed(self, entry: Values) -> None:
        self._check_signature(entry, canonical_of(entry, ENTRY_FIELDS), _about(Problem.NOT_OURS, entry))
        self.report.entries += 1
        self.report.unsealed += 1

    def _check_signature(self, row: Values, body: bytes, otherwise: Finding) -> None:
        is_ours = self._signatures.is_ours(body, row["key_id"], row["mac"])
        if is_ours is False:
            raise Wrong(otherwise)
        self.report.unknown_signatures += is_ours is None


def _rows(lines: Any) -> Iterator[Values]:
    while line := lines.readline(LONGEST_LINE):
        try:
            row = json.loads(line)
            columns = SEAL_COLUMNS if row["kind"] == "seal" else ENTRY_COLUMNS
            values = {name: row[name] for name in columns} | {"kind": row["kind"]}
            if values["at"] is not None:
                values["at"] = datetime.fromisoformat(values["at"])
            if row["kind"] == "entry" and values["digest"] is not None:
                bytes.fromhex(values["digest"])
        except (ValueError, KeyError, TypeError) as error:
            raise NotAnExport(str(error)) from error
        yield values


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = sha256()
    with archive.open(name) as part:
        while chunk := part.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _about(problem: Problem, entry: Values) -> Finding:
    return Finding(
        problem,
        seal=entry["seal_id"],
        position=entry["position"],
        entry=entry["id"],
        verb=str(entry["verb"]),
        subject=str(entry["subject_label"]),
    )
