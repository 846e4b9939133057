"""Walking through a folder that may change or mean harm: by open handles, following no link, opening nothing odd."""

import errno
import os
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from backups.adapters.folder.listing import DEEPEST, LONGEST_PATH, Kind

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
ORDINARY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

#: What somebody put in the place of a thing between two looks at it.
SWAPPED = {errno.ELOOP, errno.ENOTDIR, errno.ENXIO}


class Why(StrEnum):
    """Why something was not saved as it stood."""

    SPECIAL = "special"
    UNREADABLE = "unreadable"
    VANISHED = "vanished"
    CHANGED = "changed"


@dataclass(frozen=True)
class Found:
    """One thing in a folder. Until the walk goes on, `parent` is an open handle of the folder it lies in."""

    path: str
    name: str
    kind: Kind
    status: os.stat_result
    parent: int


class _Level:
    """One folder that is being walked through."""

    def __init__(self, handle: int, prefix: str) -> None:
        self.handle, self.prefix = handle, prefix
        self.names = iter(sorted(os.listdir(handle), key=os.fsencode))


def walk(
    root: int,
    *,
    told: Callable[[str, Why], None] = lambda path, why: None,
    is_excluded: Callable[[str], bool] = lambda path: False,
    avoided: frozenset[tuple[int, int]] = frozenset(),
    foreign: frozenset[int] = frozenset(),
) -> Generator[Found, None, None]:
    """Everything below an open folder, in the order of lists; links are told and never followed.

    told: what is left out, and why.  avoided: folders not to enter, by device and number.  foreign: devices not to
    enter, such as /proc.
    """
    levels = [_Level(os.dup(root), "")]
    try:
        while levels:
            level = levels[-1]
            name = next(level.names, None)
            if name is None:
                os.close(levels.pop().handle)
                continue
            path = level.prefix + name
            if is_excluded(path):
                continue
            found = _look(level.handle, name, path, told)
            if found is None:
                continue
            if found.kind != "folder":
                yield found
                continue
            if (found.status.st_dev, found.status.st_ino) in avoided or found.status.st_dev in foreign:
                told(path, Why.SPECIAL)
                continue
            below = _enter(found, len(levels), told)
            yield found
            if below is not None:
                levels.append(below)
    finally:
        for level in levels:
            os.close(level.handle)


@contextmanager
def opened(found: Found) -> Iterator[BinaryIO]:
    """An ordinary file, open for reading. Raises OSError, also when something else stands there by now."""
    handle = os.open(found.name, ORDINARY, dir_fd=found.parent)
    with os.fdopen(handle, "rb", buffering=0) as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.ELOOP, "not an ordinary file any more")
        yield stream


def why_not(error: OSError) -> Why:
    """What a refusal of the system means for the thing that was asked for."""
    if isinstance(error, FileNotFoundError):
        return Why.VANISHED
    return Why.CHANGED if error.errno in SWAPPED else Why.UNREADABLE


def _look(parent: int, name: str, path: str, told: Callable[[str, Why], None]) -> Found | None:
    try:
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except OSError as error:
        told(path, why_not(error))
        return None
    kind = _kind(status.st_mode)
    if kind is None:
        told(path, Why.SPECIAL)
        return None
    if len(os.fsencode(path)) > LONGEST_PATH:
        told(path, Why.UNREADABLE)
        return None
    return Found(path, name, kind, status, parent)


def _kind(mode: int) -> Kind | None:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else None


def _enter(found: Found, depth: int, told: Callable[[str, Why], None]) -> _Level | None:
    if depth >= DEEPEST:
        told(found.path, Why.UNREADABLE)
        return None
    handle = None
    try:
        handle = os.open(found.name, FOLDER, dir_fd=found.parent)
        return _Level(handle, found.path + "/")
    except OSError as error:
        if handle is not None:
            os.close(handle)
        told(found.path, why_not(error))
        return None
