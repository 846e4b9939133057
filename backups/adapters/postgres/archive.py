"""Looking at the first and last bytes of a dump: which kind it is, how old, and whether it has an end.

Nothing of the dump is believed: what is read here only chooses a tool and refuses early.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from backups.adapters.errors import DumpDamaged, DumpEmpty, DumpIncomplete, DumpUnknown
from backups.adapters.sandbox import opened

CUSTOM = "custom"
PLAIN = "plain"

MAGIC = b"PGDMP"
FORMAT_CUSTOM = 1

HEAD_BYTES = 64 * 1024
TAIL_BYTES = 4096

#: Both lines stand in every plain dump of one database; the second only when pg_dump came to its end.
PLAIN_HEAD = b"-- PostgreSQL database dump"
PLAIN_END = re.compile(rb"^-- PostgreSQL database dump complete\r?$", re.MULTILINE)

#: The first archive that names its compression, and that of pg_dump 18.
NAMES_COMPRESSION = (1, 15)

#: The newest archive format that a major reads. An unknown one is newer than all of them.
ARCHIVE_OF_MAJOR = {12: (1, 14), 13: (1, 14), 14: (1, 14), 15: (1, 14), 16: (1, 15), 17: (1, 16), 18: (1, 16)}


@dataclass(frozen=True)
class Archive:
    """What a dump says of itself. `major` is that of the server or of pg_dump, whichever is newer; 0 is unknown."""

    kind: str
    major: int
    server_version: str = ""
    archive_version: tuple[int, int] = (0, 0)

    @property
    def reads_from(self) -> int:
        """The oldest major whose tools can read it; one more than all known ones for a newer archive."""
        fitting = [major for major, newest in ARCHIVE_OF_MAJOR.items() if newest >= self.archive_version]
        by_archive = min(fitting) if fitting else max(ARCHIVE_OF_MAJOR) + 1
        return max(self.major, by_archive if self.kind == CUSTOM else 0)


def look(source: Path | BinaryIO) -> Archive:
    """Read the head and the tail of a dump. A stream must be seekable and is left at its beginning.

    Raises DumpEmpty, DumpUnknown, DumpDamaged, DumpIncomplete, NotARegularFile, FileGone.
    """
    with opened(source) as stream:
        head = stream.read(HEAD_BYTES)
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - TAIL_BYTES))
        tail = stream.read(TAIL_BYTES)
        stream.seek(0)
    if not head:
        raise DumpEmpty
    if head.startswith(MAGIC):
        return _custom(head)
    # A head cut within its first bytes is damage, not another kind of file.
    if MAGIC.startswith(head[: len(MAGIC)]):
        raise DumpDamaged
    if PLAIN_HEAD in head[:1024]:
        return _plain(head, tail)
    raise DumpUnknown


def _plain(head: bytes, tail: bytes) -> Archive:
    if not PLAIN_END.search(tail):
        raise DumpIncomplete
    versions = re.findall(rb"^-- Dumped (?:from database|by pg_dump) version (\d+)(\S*)", head, re.MULTILINE)
    majors = [int(major) for major, _ in versions]
    return Archive(PLAIN, max(majors, default=0), b"".join(versions[0]).decode("ascii", "replace") if versions else "")


def _custom(head: bytes) -> Archive:
    reader = _Reader(head, len(MAGIC))
    version = (reader.byte(), reader.byte())
    reader.byte()
    reader.integer_size = reader.byte()
    reader.byte()
    if reader.byte() != FORMAT_CUSTOM:
        raise DumpUnknown
    if version > max(ARCHIVE_OF_MAJOR.values()):
        return Archive(CUSTOM, 0, "", version)
    if version >= NAMES_COMPRESSION:
        reader.byte()
    else:
        reader.integer()
    for _ in range(7):
        reader.integer()
    reader.text()
    server, tool = reader.text(), reader.text()
    majors = [int(found.group()) for said in (server, tool) if (found := re.match(r"\d+", said))]
    return Archive(CUSTOM, max(majors, default=0), server.split(" ")[0][:40], version)


class _Reader:
    """Reads numbers and texts as pg_dump writes them. Raises DumpDamaged where they make no sense."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at, self.integer_size = data, at, 4

    def byte(self) -> int:
        return self._take(1)[0]

    def integer(self) -> int:
        sign = self.byte()
        if not 1 <= self.integer_size <= 8:
            raise DumpDamaged
        value = int.from_bytes(self._take(self.integer_size), "little")
        return -value if sign else value

    def text(self) -> str:
        length = self.integer()
        return self._take(length).decode("utf-8", "replace") if length > 0 else ""

    def _take(self, length: int) -> bytes:
        taken = self.data[self.at : self.at + length]
        if len(taken) != length:
            raise DumpDamaged
        self.at += length
        return taken
