"""Checking the ledger: everything is computed again, in flat memory, until something does not fit.

Two passes: along the seals and the entries they hold, then over the entries that no seal holds yet.
At the end the seals are compared with the heads that left the database.
"""

from hashlib import sha256
from itertools import islice

from ledger import heads, reading
from ledger.canonical import ENTRY_FIELDS, SEAL_FIELDS, Signatures, canonical_of, digest_of
from ledger.choices import Problem
from ledger.findings import Finding, Report, Wrong
from ledger.merkle import Tree
from ledger.reading import Peekable, Values


def verify(*, head: str = "") -> Report:
    """Compute everything again. head: one that left the house, which then has to be among the seals."""
    walk = Walk()
    # Looked at before the moment of reading: what is sealed meanwhile leaves the house, and is not in sight.
    until_bytes = heads.published_bytes()
    with reading.one_moment():
        try:
            walk.along_the_seals()
            walk.over_the_unsealed()
            walk.against_published_heads(until_bytes)
            walk.against(head)
        except Wrong as wrong:
            walk.report.first_bad = wrong.finding
    return walk.report


class Walk:
    """One pass through the ledger, and what was learned so far."""

    def __init__(self) -> None:
        self.report = Report()
        self._signatures = Signatures()
        self._floor = 0
        #: Whether a seal with a signature of ours lies behind: then an unknown key cannot be an old one.
        self._is_ours_since = False

    def along_the_seals(self) -> None:
        """Each seal with its entries, in order, from the first."""
        places = Peekable(reading.places())
        for seal in reading.seals():
            if seal["number"] != self.report.seals + 1:
                raise Wrong(Finding(Problem.SEAL_REMOVED, seal=self.report.seals + 1))
            self._check_entries(seal, places)
            self._check_seal(seal)
        stray = places.peek()
        if stray:
            raise Wrong(Finding(Problem.SEAL_REMOVED, seal=stray["seal_id"]))

    def over_the_unsealed(self) -> None:
        """Entries that no seal holds: only their signatures can speak for them."""
        for entry in reading.unsealed():
            self.report.entries += 1
            self.report.unsealed += 1
            self._check_signature(entry, Problem.NOT_OURS)
            if entry["id"] <= self._floor:
                raise Wrong(_about(Problem.LATE, entry))

    def against_published_heads(self, until_bytes: int) -> None:
        """Every head that left the database is still that of its seal."""
        published = heads.published(until_bytes=until_bytes)
        while batch := list(islice(published, reading.BATCH)):
            kept = reading.heads_of([head.number for head in batch])
            for head in batch:
                if head.number > self.report.seals:
                    raise Wrong(Finding(Problem.CUT_OFF, seal=head.number))
                if kept.get(head.number) != head.head:
                    raise Wrong(Finding(Problem.HEAD_DIFFERS, seal=head.number))

    def against(self, head: str) -> None:
        """The head that somebody kept is one of ours."""
        if head and not reading.is_a_head(head):
            raise Wrong(Finding(Problem.HEAD_UNKNOWN))

    def _check_entries(self, seal: Values, places: Peekable) -> None:
        tree = Tree()
        while (place := places.peek()) and place["seal_id"] == seal["number"]:
            self.report.entries += 1
            self._check_place(place, position=tree.count, seal=seal)
            tree.add(place["digest"])
            places.take()
        if tree.count < seal["entries_count"]:
            raise Wrong(Finding(Problem.PLACE_REMOVED, seal=seal["number"], position=tree.count))
        if tree.root() != seal["root"]:
            raise Wrong(Finding(Problem.SEAL_CHANGED, seal=seal["number"]))

    def _check_place(self, place: Values, *, position: int, seal: Values) -> None:
        number = seal["number"]
        if place["position"] != position:
            raise Wrong(Finding(Problem.PLACE_REMOVED, seal=number, position=position))
        if place["id"] is None:
            raise Wrong(Finding(Problem.REMOVED, seal=number, position=position, entry=place["entry_id"]))
        is_new = position >= seal["entries_count"]
        body = self._check_signature(place, Problem.INSERTED if is_new else Problem.CHANGED)
        if digest_of(body, place["key_id"], place["mac"]) != place["digest"]:
            raise Wrong(_about(Problem.CHANGED, place))
        if is_new:
            raise Wrong(_about(Problem.INSERTED, place))

    def _check_signature(self, entry: Values, otherwise: Problem) -> bytes:
        body = canonical_of(entry, ENTRY_FIELDS)
        is_ours = self._signatures.is_ours(body, entry["key_id"], entry["mac"])
        if is_ours is None:
            self._count_unknown(_about(Problem.FOREIGN_KEY, entry))
        elif not is_ours:
            raise Wrong(_about(otherwise, entry))
        return body

    def _check_seal(self, seal: Values) -> None:
        number, body = seal["number"], canonical_of(seal, SEAL_FIELDS)
        if seal["previous_head"] != self.report.head or seal["head"] != sha256(body).hexdigest():
            raise Wrong(Finding(Problem.SEAL_CHANGED, seal=number))
        is_ours = self._signatures.is_ours(body, seal["key_id"], seal["mac"])
        if is_ours is None:
            self._count_unknown(Finding(Problem.SEAL_NOT_OURS, seal=number))
        elif not is_ours:
            raise Wrong(Finding(Problem.SEAL_NOT_OURS, seal=number))
        self._is_ours_since |= bool(is_ours)
        self._floor = seal["floor_id"]
        self.report.seals, self.report.head = number, seal["head"]

    def _count_unknown(self, finding: Finding) -> None:
        """Keys that were retired are missing from the beginning of the history, never from its middle."""
        if self._is_ours_since:
            raise Wrong(finding)
        self.report.unknown_signatures += 1


def _about(problem: Problem, entry: Values) -> Finding:
    return Finding(
        problem,
        seal=entry.get("seal_id"),
        position=entry.get("position"),
        entry=entry["id"],
        verb=entry["verb"],
        subject=entry["subject_label"],
    )
