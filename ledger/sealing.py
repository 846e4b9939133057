"""Sealing: entries are closed in batches, each chained to the batch before it.

Writing stays concurrent, so an entry may become visible after one with a higher id. Looking through
the whole ledger for such late ones would cost more with every year. Instead each seal notes the newest
id given out (`reach_id`) and the transaction that looked (`horizon`): once every transaction older than
that has ended, nothing at or below `reach_id` can still come, and the next seal begins above it.

An entry that the product did not write is never sealed: it would be vouched for, and taking it out again
would look like damage. It is announced instead.
"""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from ledger import heads, watch
from ledger.canonical import SEAL_FIELDS, Signatures, canonical, canonical_of, close, digest
from ledger.choices import Problem
from ledger.findings import Finding
from ledger.merkle import Tree
from ledger.models import Entry, Seal, SealedEntry

#: The advisory lock under which seals are made one after the other: "ledger" on a telephone's keys.
LOCK = 533437
LIMIT = 5_000


def seal_pending(*, now: datetime, limit: int = LIMIT) -> int:
    """Seal what is not sealed yet, the oldest first. Returns how many entries; 0 makes no seal.

    Safe to call from several places at once: the second waits for the first and finds less.
    """
    with transaction.atomic():
        _wait_for_our_turn()
        last = Seal.objects.order_by("-number").first()
        reach, horizon, is_settled = _look(last)
        entries, forged = _take(last, limit)
        if forged:
            watch.announce_once(forged, now=now)
        if not entries:
            return 0
        settled_to = last.reach_id if last and is_settled else 0
        floor = min(settled_to, entries[-1].pk) if len(entries) == limit else settled_to
        _write(entries, last, now=now, floor=max(floor, last.floor_id if last else 0), reach=reach, horizon=horizon)
        transaction.on_commit(heads.publish)
    return len(entries)


def unsealed(last: Seal | None) -> QuerySet[Entry]:
    """Entries that no seal holds. last: the newest seal, which knows from where on to look."""
    return Entry.objects.filter(pk__gt=last.floor_id if last else 0, sealed__isnull=True)


def _take(last: Seal | None, limit: int) -> tuple[list[Entry], Finding | None]:
    """The oldest entries that wait and are ours, and the first beside them that is not."""
    signatures, ours, forged = Signatures(), [], None
    is_ours_since = last is not None and _is_signed(last, signatures)
    for entry in unsealed(last).order_by("id").iterator(chunk_size=limit):
        is_ours = signatures.is_ours(canonical(entry), entry.key_id, entry.mac)
        # Keys that were retired are missing from the beginning of the history only (`ledger.verify`).
        if is_ours or (is_ours is None and not is_ours_since):
            ours.append(entry)
        elif forged is None:
            problem = Problem.NOT_OURS if is_ours is False else Problem.FOREIGN_KEY
            forged = Finding(problem, entry=entry.pk, verb=entry.verb, subject=entry.subject_label)
        if len(ours) == limit:
            break
    return ours, forged


def _is_signed(seal: Seal, signatures: Signatures) -> bool:
    return bool(signatures.is_ours(canonical_of(seal.__dict__, SEAL_FIELDS), seal.key_id, seal.mac))


def _wait_for_our_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _look(last: Seal | None) -> tuple[int, int, bool]:
    """The newest id given out, our transaction, and whether all that ran at the last seal have ended.

    In this order: whoever took an id up to `reach` had its transaction's number before (`ledger.services`).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM ledger_entry_id_seq")
        reach = cursor.fetchone()[0]
        cursor.execute(
            "SELECT pg_current_xact_id()::text::bigint, pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        )
        ours, oldest_running = cursor.fetchone()
    return reach, ours, last is not None and oldest_running >= last.horizon


def _write(entries: list[Entry], last: Seal | None, *, now: datetime, floor: int, reach: int, horizon: int) -> None:
    tree = Tree()
    places = []
    seal = Seal(number=last.number + 1 if last else 1, at=now, floor_id=floor, reach_id=reach, horizon=horizon)
    for position, entry in enumerate(entries):
        place = SealedEntry(entry=entry, seal=seal, position=position, digest=digest(entry))
        tree.add(place.digest)
        places.append(place)
    seal.entries_count, seal.root = tree.count, tree.root()
    seal.previous_head = last.head if last else ""
    close(seal)
    seal.save(force_insert=True)
    SealedEntry.objects.bulk_create(places)
