"""Reading a saved folder: from its first byte to its last, entry by entry beside its list, believing neither.

Only what both say in the same words is passed on. Nothing is written here, and no more than a piece is in memory.
"""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import BinaryIO

from backups.adapters.folder.compressed import PIECE, Unpacking
from backups.adapters.folder.errors import ArchiveNotAsListed
from backups.adapters.folder.listing import Entry
from backups.adapters.folder.members import END, check_same, harmless, next_member, padding


def read_through(
    archive: BinaryIO,
    entries: Iterable[Entry],
    *,
    look: Callable[[], None] = lambda: None,
    onto: Callable[[bytes], object] = lambda piece: None,
) -> None:
    """Read an archive to its end.

    entries: what it must hold, in this order and nothing else.  look: called for each piece, raises when the work
    has to end.  onto: takes the same archive, unpacked and made harmless.
    Raises ArchiveDamaged, ArchiveHostile, ArchiveNotAsListed, and what the entries raise.
    """
    source = Unpacking(archive)
    for entry in entries:
        look()
        member = next_member(source)
        if member is None:
            raise ArchiveNotAsListed
        check_same(member, entry)
        onto(harmless(entry))
        if entry.kind == "file":
            _content(source, entry, look, onto)
    if next_member(source) is not None:
        raise ArchiveNotAsListed
    source.end()
    onto(END)


def _content(source: Unpacking, entry: Entry, look: Callable[[], None], onto: Callable[[bytes], object]) -> None:
    digest, left = sha256(), entry.size
    while left:
        look()
        piece = source.read(min(left, PIECE))
        digest.update(piece)
        onto(piece)
        left -= len(piece)
    if digest.hexdigest() != entry.sha256:
        raise ArchiveNotAsListed
    source.read(len(padding(entry.size)))
    onto(padding(entry.size))
