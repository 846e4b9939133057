"""Stored files out of a saved folder: each under the digest of its content, and nothing else."""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from backups.adapters.folder import read_through
from backups.adapters.folder.listing import Entry

STORED = re.compile(r"(?P<folder>[0-9a-f]{2})/(?P<digest>(?P=folder)[0-9a-f]{62})")


@dataclass
class Unpacked:
    """How many files are back, and how many bytes."""

    files: int = 0
    content_bytes: int = 0


def unpack(archive: BinaryIO, entries: Iterable[Entry], folder: Path) -> Unpacked:
    """Put every stored file of an archive into its place below the folder. Again is harmless.

    A file has its name only when it is whole and of its digest. Raises ArchiveDamaged, ArchiveHostile,
    ArchiveNotAsListed, ListDamaged.
    """
    taker = _Taker(folder)
    try:
        read_through(archive, taker.following(entries), onto=taker.take)
        taker.finish()
    finally:
        taker.drop()
    return taker.unpacked


class _Taker:
    """Writes down what is read, entry by entry. A file gets its name once the next entry begins: checked by then."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.unpacked = folder, Unpacked()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._aside: Path | None = None
        self._file: BinaryIO | None = None
        self._target: Path | None = None
        self._left, self._is_header = 0, False

    def following(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries, each begun when it is asked for."""
        for entry in entries:
            self.finish()
            self._begin(entry)
            yield entry

    def take(self, piece: bytes) -> None:
        """The header of the entry first, then its content, then what fills the block."""
        if self._is_header:
            self._is_header = False
        elif self._left:
            self._left -= len(piece)
            if self._file is not None:
                self._file.write(piece)

    def finish(self) -> None:
        """Give the file its name: its content has the digest that it is listed with."""
        if self._file is None or self._aside is None or self._target is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self.unpacked.files += 1
        self.unpacked.content_bytes += self._file.tell()
        self._file.close()
        self._target.parent.mkdir(mode=0o700, exist_ok=True)
        self._aside.replace(self._target)
        self._file = self._aside = self._target = None

    def drop(self) -> None:
        """Leave nothing half done."""
        if self._file is not None:
            self._file.close()
        if self._aside is not None:
            self._aside.unlink(missing_ok=True)

    def _begin(self, entry: Entry) -> None:
        self._is_header, self._left = True, entry.size
        found = STORED.fullmatch(entry.path) if entry.kind == "file" else None
        if found and found["digest"] == entry.sha256:
            handle, aside = tempfile.mkstemp(dir=self.folder)
            self._file, self._aside, self._target = os.fdopen(handle, "wb"), Path(aside), self.folder / entry.path
