"""Headers of a tar, as we write them and as the only ones that we read: files, folders and links with plain names.

A name longer than a header holds stands in a header of its own before it (GNU). Nothing else of tar is known here:
no hard links, devices, pipes, sparse files or extended headers, so that none of them can be slipped in.
"""

import tarfile
from collections.abc import Iterator
from dataclasses import replace

from backups.adapters.folder.compressed import Unpacking
from backups.adapters.folder.errors import ArchiveDamaged, ArchiveHostile, ArchiveNotAsListed
from backups.adapters.folder.listing import LONGEST_PATH, MODES, Entry

BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * BLOCK)

TYPES = {"file": tarfile.REGTYPE, "folder": tarfile.DIRTYPE, "link": tarfile.SYMTYPE}
KINDS = {number: kind for kind, number in TYPES.items()}
LONG = {tarfile.GNUTYPE_LONGNAME: "name", tarfile.GNUTYPE_LONGLINK: "linkname"}

#: In a sandbox everything can be read by its owner, and nothing has the marks of old (setuid and its kin).
RIGHTS = 0o777
READABLE = {"file": 0o600, "folder": 0o700, "link": 0o777}


def header(entry: Entry, *, uid: int = 0, gid: int = 0) -> bytes:
    """What stands before the content of an entry."""
    member = tarfile.TarInfo(entry.path)
    member.type, member.mode, member.mtime = TYPES[entry.kind], entry.mode, entry.mtime
    member.size, member.linkname, member.uid, member.gid = entry.size, entry.target, uid, gid
    return member.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def harmless(entry: Entry) -> bytes:
    """The same for a sandbox."""
    return header(replace(entry, mode=(entry.mode & RIGHTS) | READABLE[entry.kind]))


def padding(size: int) -> bytes:
    """What follows a content of that size, up to the next block."""
    return bytes(-size % BLOCK)


def next_member(source: Unpacking) -> tarfile.TarInfo | None:
    """The next header, with the long names before it; None at the end of the archive.

    Raises ArchiveHostile for anything that is neither file, folder nor link, ArchiveDamaged for what is no header.
    """
    names: dict[str, str] = {}
    for member in _headers(source):
        if member.type not in LONG:
            if member.type not in KINDS or member.isreg() is not (member.type == tarfile.REGTYPE):
                raise ArchiveHostile
            for field, name in names.items():
                setattr(member, field, name)
            return member
        if LONG[member.type] in names or not 0 < member.size <= LONGEST_PATH + 2:
            raise ArchiveHostile
        names[LONG[member.type]] = _long_name(source, member.size)
    return None


def check_same(member: tarfile.TarInfo, entry: Entry) -> None:
    """Raises ArchiveNotAsListed when a header is not that of the entry."""
    path = member.name.rstrip("/") if member.type == tarfile.DIRTYPE else member.name
    told = (path, KINDS[member.type], member.mode & MODES, int(member.mtime), member.size, member.linkname)
    if told != (entry.path, entry.kind, entry.mode, entry.mtime, entry.size, entry.target):
        raise ArchiveNotAsListed


def _headers(source: Unpacking) -> Iterator[tarfile.TarInfo]:
    while any(block := source.read(BLOCK)):
        try:
            yield tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.TarError, ValueError, OverflowError) as error:
            raise ArchiveDamaged from error
    if any(source.read(BLOCK)):
        raise ArchiveDamaged


def _long_name(source: Unpacking, size: int) -> str:
    raw = source.read(size + len(padding(size)))[:size]
    if not raw.endswith(b"\0"):
        raise ArchiveDamaged
    return raw[:-1].decode("utf-8", "surrogateescape")
