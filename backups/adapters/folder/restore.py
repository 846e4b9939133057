"""Unpacking a saved folder in a sandbox, and looking whether what lies there then is what was saved.

The archive is read out here, beside its list, and only what both say reaches the program that unpacks: inside, as a
user without rights, with bounds on time, memory and disk.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import file_digest
from typing import BinaryIO

from backups.adapters.endings import gave_up
from backups.adapters.errors import DiskLimit, ToolBroke
from backups.adapters.folder.archive import read_through
from backups.adapters.folder.listing import Entry, order
from backups.adapters.folder.walk import FOLDER, Found, opened, walk
from backups.adapters.output import readable
from backups.adapters.processes import Feed, Finished
from backups.adapters.sandbox import Sandbox

#: So many names of what differs are told.
MOST_NAMES = 5


@dataclass
class Compared:
    """What lies in a restored folder, held against its list. names: the first that differ, safe to show."""

    same: int = 0
    different: int = 0
    names: list[str] = field(default_factory=list)

    def differs(self, path: str) -> None:
        self.different += 1
        if len(self.names) < MOST_NAMES:
            self.names.append(readable(os.fsencode(path)))


def restore(box: Sandbox, archive: BinaryIO, entries: Iterable[Entry], folder: str) -> Finished:
    """Unpack an archive into a new folder of the sandbox.

    Raises ArchiveDamaged, ArchiveHostile, ArchiveNotAsListed, ListDamaged, DiskFull, DiskLimit, TimeIsUp and so on.
    """
    feed = Feed(lambda stream: read_through(archive, entries, look=box.check, onto=stream.write))
    argv = ["tar", "--extract", "--no-same-owner", "--same-permissions", "--file=-"]
    finished = box.run([*argv, f"--directory={box.make_folder(folder)}"], stdin=feed)
    if finished.exit_code != 0 and box.is_full():
        raise DiskLimit(limit_bytes=box.limits.disk_bytes).shown_by(finished)
    feed.check()
    if finished.exit_code != 0:  # the archive is whole: it was read to its end just now
        raise gave_up(finished, "tar") or ToolBroke(tool="tar").shown_by(finished)
    return finished


@contextmanager
def restored(box: Sandbox, folder: str) -> Iterator[int]:
    """A folder of the sandbox, open. Nothing in it is believed either."""
    place = os.open(box.folder, FOLDER)
    try:
        root = os.open(folder, FOLDER, dir_fd=place)
    finally:
        os.close(place)
    try:
        yield root
    finally:
        os.close(root)


def compare(root: int, entries: Iterable[Entry], *, look: Callable[[], None] = lambda: None) -> Compared:
    """Hold every file, folder and link below an open folder against a list: kind, size, content, target."""
    compared, listed = Compared(), iter(entries)
    wanted = next(listed, None)
    with closing(walk(root, told=lambda path, why: compared.differs(path))) as walked:
        for found in walked:
            look()
            while wanted is not None and order(wanted.path) < order(found.path):
                compared.differs(wanted.path)
                wanted = next(listed, None)
            if wanted is None or wanted.path != found.path:
                compared.differs(found.path)
                continue
            if _is_same(found, wanted):
                compared.same += 1
            else:
                compared.differs(found.path)
            wanted = next(listed, None)
    while wanted is not None:
        compared.differs(wanted.path)
        wanted = next(listed, None)
    return compared


def _is_same(found: Found, entry: Entry) -> bool:
    if found.kind != entry.kind:
        return False
    try:
        if found.kind == "link":
            return os.readlink(found.name, dir_fd=found.parent) == entry.target
        if found.kind == "file":
            with opened(found) as stream:
                return found.status.st_size == entry.size and _digest(stream) == entry.sha256
    except OSError:
        return False
    return True


def _digest(stream: BinaryIO) -> str:
    return file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # any readable file will do
