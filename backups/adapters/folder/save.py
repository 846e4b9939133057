"""Saving a folder that somebody works in: one compressed tar, and beside it the list of what is in it.

What changes, vanishes or cannot be read meanwhile is told. A file that shrinks while it is read is filled up with
zeros, for its length stands before it, and is told as changed. Sockets, pipes and devices are never opened.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from backups.adapters.folder import canary
from backups.adapters.folder.canary import Canary
from backups.adapters.folder.compressed import PIECE, Packing
from backups.adapters.folder.listing import MODES, Digested, Entry
from backups.adapters.folder.members import END, header, padding
from backups.adapters.folder.patterns import matcher
from backups.adapters.folder.places import Avoided, opened_source
from backups.adapters.folder.walk import Found, Why, opened, walk, why_not
from backups.adapters.output import readable

#: So many names are kept of each kind of trouble; all of them are counted.
MOST_NAMES = 100


@dataclass
class Troubles:
    """What was not saved as it stood. names: the first of each kind, safe to show."""

    counts: Counter[Why] = field(default_factory=Counter)
    names: dict[Why, list[str]] = field(default_factory=dict)

    def add(self, path: str, why: Why) -> None:
        self.counts[why] += 1
        told = self.names.setdefault(why, [])
        if len(told) < MOST_NAMES:
            told.append(readable(os.fsencode(path)))

    @property
    def are_bad(self) -> bool:
        """Whether something that belongs to the folder was not saved as it stood."""
        return any(self.counts[why] for why in (Why.UNREADABLE, Why.CHANGED, Why.VANISHED))

    def plain(self) -> dict[str, Any]:
        """As a manifest keeps it."""
        return {why.value: {"count": self.counts[why], "names": names} for why, names in self.names.items()}

    def told(self) -> str:
        """As the output of a step."""
        return "".join(f"{why.value}: {name}\n" for why, names in self.names.items() for name in names)


@dataclass
class Saved:
    """A folder as it was saved."""

    canary: Canary | None
    troubles: Troubles = field(default_factory=Troubles)
    entries: int = 0
    files: int = 0
    content_bytes: int = 0

    def manifest(self) -> dict[str, Any]:
        """Plain JSON for the copy's manifest."""
        return {
            "canary": self.canary.plain() if self.canary else None,
            "entries": self.entries,
            "members": self.files,
            "content_bytes": self.content_bytes,
            "troubles": self.troubles.plain(),
        }


def save(
    folder: Path,
    archive: Path,
    contents: Path,
    *,
    avoided: Avoided,
    exclude: Iterable[str] = (),
    look: Callable[[], None] = lambda: None,
    on_step: Callable[[str], None] = lambda name: None,
) -> Saved:
    """Save a folder into two new files: the archive, and the list of its contents.

    avoided: where no source may be.  exclude: patterns of names.  look: called for each piece, raises when the work
    has to end.  on_step: told "connect", "canary", "files" as each begins. Raises FolderMissing, FolderIsNone,
    FolderNotReadable, FolderRefused, and OSError when the archive cannot be written. Both files are then not to be
    kept.
    """
    on_step("connect")
    with opened_source(folder, avoided) as root:
        on_step("canary")
        saved = Saved(canary.write(root))
        on_step("files")
        with archive.open("xb") as raw, contents.open("xb") as listed:
            _Saving(saved, Packing(raw), Digested(listed), look).all_of(root, avoided, matcher(exclude))
    return saved


class _Saving:
    """Writes entry after entry. What the source refuses is told; what the target refuses ends the work."""

    def __init__(self, saved: Saved, archive: Packing, contents: Digested, look: Callable[[], None]) -> None:
        self.saved, self.archive, self.contents, self.look = saved, archive, contents, look

    def all_of(self, root: int, avoided: Avoided, is_excluded: Callable[[str], bool]) -> None:
        told = self.saved.troubles.add
        walked = walk(root, told=told, is_excluded=is_excluded, avoided=avoided.folders, foreign=avoided.devices)
        with closing(walked):
            for found in walked:
                self.look()
                entry = self._file(found) if found.kind == "file" else self._other(found)
                if entry is not None:
                    self.contents.write(entry.line())
                    self.saved.entries += 1
        self.archive.write(END)
        self.archive.end()

    def _other(self, found: Found) -> Entry | None:
        try:
            target = os.readlink(found.name, dir_fd=found.parent) if found.kind == "link" else ""
        except OSError as error:
            self.saved.troubles.add(found.path, why_not(error))
            return None
        entry = _entry(found, found.status, target=target)
        self.archive.write(header(entry, uid=found.status.st_uid, gid=found.status.st_gid))
        return entry

    def _file(self, found: Found) -> Entry | None:
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(opened(found))
                status = os.fstat(stream.fileno())
            except OSError as error:
                self.saved.troubles.add(found.path, why_not(error))
                return None
            entry = _entry(found, status, size=status.st_size)
            self.archive.write(header(entry, uid=status.st_uid, gid=status.st_gid))
            digest = sha256()
            for piece in self._pieces(found.path, stream, status):
                self.look()
                digest.update(piece)
                self.archive.write(piece)
            self.archive.write(padding(entry.size))
        self.saved.files += 1
        self.saved.content_bytes += entry.size
        return replace(entry, sha256=digest.hexdigest())

    def _pieces(self, path: str, stream: BinaryIO, before: os.stat_result) -> Iterator[bytes]:
        """Exactly as many bytes as the header says, whatever becomes of the file meanwhile."""
        left, why = before.st_size, None
        while left and why is None:
            try:
                piece = stream.read(min(left, PIECE))
            except OSError:
                piece, why = b"", Why.UNREADABLE
            if not piece:
                break
            left -= len(piece)
            yield piece
        while left:
            yield bytes(min(left, PIECE))
            left -= min(left, PIECE)
        after = os.fstat(stream.fileno())
        if why is None and (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            why = Why.CHANGED
        if why is not None:
            self.saved.troubles.add(path, why)


def _entry(found: Found, status: os.stat_result, *, size: int = 0, target: str = "") -> Entry:
    return Entry(found.path, found.kind, status.st_mode & MODES, int(status.st_mtime), size=size, target=target)
