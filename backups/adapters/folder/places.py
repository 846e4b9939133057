"""Which folders may be saved: not Holdfast's own, no place for copies, nothing that the operating system makes up."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from backups.adapters.errors import ToolError
from backups.adapters.folder.errors import FolderIsNone, FolderMissing, FolderNotReadable, FolderRefused
from backups.adapters.folder.walk import FOLDER

#: Made up by the system while somebody looks; nothing in them is kept anywhere.
MADE_UP = ("/proc", "/sys", "/dev")
#: Below DATA_DIR, what the demo organisation runs on: as good a source as any.
DEMO = "demo"

MEANING: dict[int, type[ToolError]] = {
    errno.ENOENT: FolderMissing,
    errno.ENOTDIR: FolderIsNone,
    errno.ELOOP: FolderIsNone,
    errno.EACCES: FolderNotReadable,
    errno.EPERM: FolderNotReadable,
}


@dataclass(frozen=True)
class Avoided:
    """Where no source may be, or may have in it. folders and devices are left out wherever they turn up."""

    paths: tuple[Path, ...] = ()
    allowed: Path | None = None
    folders: frozenset[tuple[int, int]] = frozenset()
    devices: frozenset[int] = frozenset()

    def refuses(self, folder: Path) -> bool:
        """Whether a folder whose links are resolved lies in one of them, or one of them in it."""
        if self.allowed is not None and self.allowed in (folder, *folder.parents):
            return any(_overlap(folder, path) for path in self.paths if self.allowed in path.parents)
        return any(_overlap(folder, path) for path in self.paths)


def avoided(places: Iterable[str]) -> Avoided:
    """What holds for every source but Holdfast's own. places: the folders of all repositories."""
    data = _resolved(settings.DATA_DIR)
    own = [data, _resolved(settings.BASE_DIR), *(_resolved(place) for place in places)]
    return Avoided(
        paths=(*(Path(path) for path in MADE_UP), *own),
        allowed=data / DEMO,
        folders=frozenset(number for path in own if (number := _number(path)) is not None),
        devices=frozenset(device for path in MADE_UP if (device := _device(path)) is not None),
    )


@contextmanager
def opened_source(folder: Path, where_not: Avoided) -> Iterator[int]:
    """The folder that a source's path leads to by now. Raises FolderMissing, FolderIsNone, FolderRefused and so on."""
    path = os.path.realpath(folder)
    if where_not.refuses(Path(path)):
        raise FolderRefused(path=str(folder))
    try:
        root = os.open(path, FOLDER)
    except OSError as error:
        raise MEANING.get(error.errno or 0, FolderNotReadable)(path=str(folder)) from error
    try:
        status = os.fstat(root)
        if (status.st_dev, status.st_ino) in where_not.folders or status.st_dev in where_not.devices:
            raise FolderRefused(path=str(folder))
        yield root
    finally:
        os.close(root)


def _overlap(folder: Path, other: Path) -> bool:
    return folder == other or other in folder.parents or folder in other.parents


def _resolved(path: str | Path) -> Path:
    return Path(os.path.realpath(path))


def _number(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return None


def _device(path: str) -> int | None:
    with suppress(OSError):
        return Path(path).stat().st_dev
    return None
