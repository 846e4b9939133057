"""The snapshot as a file: written aside and renamed, read without asking anybody."""

import fcntl
import json
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

NAME, CHECKED, LOCK = "snapshot.json", "checked", "lock"
#: Another release may lay it out otherwise; then it is as if there were none.
LAYOUT = 1


@dataclass(frozen=True)
class Snapshot:
    """Everything that the status page says, ready to be sent.

    audience: who may read it.  pages: {address below /status/: (kind of content, text)}.  stale: {language: what is put
    in when it could not be checked for a while}.  fingerprint: of what it was made.
    """

    audience: str
    zone: str
    fingerprint: str
    pages: Mapping[str, tuple[str, str]]
    stale: Mapping[str, str]


_lock = threading.Lock()
_kept: tuple[tuple[int, int, int], Snapshot] | None = None


def folder() -> Path:
    """Where it lies."""
    return Path(settings.DATA_DIR) / "status"


def read() -> Snapshot | None:
    """The snapshot as it stands; kept in memory until the file is another. None: there is none that can be read."""
    global _kept
    try:
        found = (folder() / NAME).stat()
        seen = (found.st_mtime_ns, found.st_ino, found.st_size)
        with _lock:
            if _kept is None or _kept[0] != seen:
                _kept = (seen, _loaded((folder() / NAME).read_text("utf-8")))
            return _kept[1]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def checked_at() -> datetime | None:
    """When it was last found to say what the database says."""
    with suppress(OSError):
        return datetime.fromtimestamp((folder() / CHECKED).stat().st_mtime, UTC)
    return None


@contextmanager
def alone() -> Iterator[None]:
    """One writer at a time on this host: what was read later is written later."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / LOCK).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def write(snapshot: Snapshot) -> None:
    """Put it in place whole. Whoever reads meanwhile gets the one before."""
    text = json.dumps({"layout": LAYOUT, **vars(snapshot)}, ensure_ascii=False)
    handle, name = tempfile.mkstemp(dir=folder(), prefix="aside-")
    aside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(folder() / NAME)
    finally:
        aside.unlink(missing_ok=True)


def mark_checked(now: datetime) -> None:
    """It says what the database says."""
    path = folder() / CHECKED
    path.touch()
    os.utime(path, (now.timestamp(), now.timestamp()))


def remove() -> None:
    """There is no status page any more."""
    for name in (NAME, CHECKED):
        (folder() / name).unlink(missing_ok=True)


def _loaded(text: str) -> Snapshot:
    given: dict[str, Any] = json.loads(text)
    if given.pop("layout") != LAYOUT:
        raise ValueError("another layout")
    pages = {name: (str(kind), str(body)) for name, (kind, body) in given.pop("pages").items()}
    return Snapshot(pages=pages, **given)
