"""What a sandbox's user can leave outside its folder where no bwrap hides the host: files that all may make, memory."""

import ctypes
import logging
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

#: Where everybody may write.
SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock")  # noqa: S108 - to be cleared, not used

SEGMENTS = Path("/proc/sysvipc/shm")

#: shmctl's command to remove a segment.
IPC_RMID = 0


def clear_of(number: int) -> None:
    """Remove what belongs to the user of a sandbox; nobody else ever has its number."""
    for folder in SHARED:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.stat(follow_symlinks=False).st_uid == number:
                    _remove(entry)
    for segment in _segments(number):
        _forget(segment)


def _remove(entry: "os.DirEntry[str]") -> None:
    with suppress(OSError):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            Path(entry.path).unlink()


def _segments(number: int) -> list[int]:
    """The shared memory of System V that the user made: a server that is killed leaves a little of it."""
    try:
        lines = SEGMENTS.read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    columns = lines[0].split()
    rows = [dict(zip(columns, line.split(), strict=False)) for line in lines[1:]]
    return [int(row["shmid"]) for row in rows if row.get("uid") == str(number) or row.get("cuid") == str(number)]


def _forget(segment: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).shmctl(segment, IPC_RMID, None)
