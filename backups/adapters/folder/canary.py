"""A small file written into the source before each backup, and looked for in what was restored.

It tells how much would have been lost. It is the only thing we ever write to a source, and we write through no link.
"""

import json
import os
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from backups.adapters.folder.walk import ORDINARY

NAME = ".holdfast-canary"
NEW = ".holdfast-canary.new"

MADE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
MOST_BYTES = 1024


@dataclass(frozen=True)
class Canary:
    """One file, by what it says."""

    id: str
    at: str

    def plain(self) -> dict[str, str]:
        """As a manifest keeps it, and the file itself."""
        return {"id": self.id, "at": self.at}


def write(root: int) -> Canary | None:
    """Write it anew into an open folder. None where the source does not let us: a backup without it is still one."""
    canary = Canary(str(uuid.uuid4()), datetime.now(UTC).isoformat())
    try:
        _remove(root)
        with os.fdopen(os.open(NEW, MADE, 0o644, dir_fd=root), "wb") as file:
            file.write(json.dumps(canary.plain()).encode() + b"\n")
        os.rename(NEW, NAME, src_dir_fd=root, dst_dir_fd=root)
    except OSError:
        with suppress(OSError):
            _remove(root)
        return None
    return canary


def read(root: int) -> Canary | None:
    """The one that lies in an open folder; None when there is none of ours."""
    try:
        with os.fdopen(os.open(NAME, ORDINARY, dir_fd=root), "rb") as file:
            told = json.loads(file.read(MOST_BYTES))
        return Canary(str(told["id"]), str(told["at"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _remove(root: int) -> None:
    with suppress(FileNotFoundError):
        os.unlink(NEW, dir_fd=root)
