"""Where sandboxes lie, and who holds which.

Layout below DATA_DIR/sandbox/: `<name>/lock` is held by the process that uses it, `<name>/note.json` says what
belongs to it, `<name>/work/` is the folder of the inside.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

from backups.adapters.errors import SandboxBusy


def sandboxes() -> Path:
    """The folder of all sandboxes of this installation. Others can pass through it by name, and read nothing."""
    base = Path(settings.DATA_DIR) / "sandbox"
    base.mkdir(parents=True, exist_ok=True)
    base.chmod(0o711)
    return base


def make(base: Path, name: str) -> tuple[Path, IO[str]]:
    """Make a new place and hold it until the lock is closed, or until we are dead. Raises SandboxBusy."""
    place = base / name
    with _door(base):
        try:
            place.mkdir(mode=0o711)
        except FileExistsError:
            raise SandboxBusy(name=name) from None
        place.chmod(0o711)
        lock = (place / "lock").open("a", encoding="ascii")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return place, lock


def take_over(place: Path) -> IO[str] | None:
    """Hold a place whose owner is dead. None when the owner lives, or the place is gone."""
    with _door(place.parent):
        try:
            lock = (place / "lock").open("a", encoding="ascii")
        except OSError:
            return None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return None
        return lock


@contextmanager
def _door(base: Path) -> Iterator[None]:
    """One at a time: a place that exists and is not held is one that was left, never one being made."""
    with (base / ".door").open("a", encoding="ascii") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
