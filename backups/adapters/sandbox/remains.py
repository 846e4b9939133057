"""Making nothing of a sandbox: its processes, its mount, its folder, its number. Whatever is left is told."""

import json
import logging
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from backups.adapters.sandbox import outside
from backups.adapters.sandbox.accounts import NUMBERS, processes_of

log = logging.getLogger(__name__)

#: In the environment of every command of a sandbox, so that those of an ordinary user are found again.
MARK = "HOLDFAST_SANDBOX"

PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class Note:
    """What belongs to a sandbox. `uid` is its own number or None; `mark` is in its processes' environment."""

    uid: int | None
    mark: str
    link: str = ""

    def write(self, place: Path) -> None:
        (place / "note.json").write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, place: Path) -> "Note | None":
        """The note of a sandbox; None where its owner died before it was written."""
        try:
            note = cls(**json.loads((place / "note.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        # Only numbers that sandboxes get are ever acted on, whatever the file says.
        return note if note.uid is None or note.uid in NUMBERS else None


def clear(place: Path, note: Note | None) -> bool:
    """Remove all that belongs to the sandbox. Safe to call again. False when something would not go."""
    if note is not None:
        end_processes(note)
        if note.uid is not None:
            outside.clear_of(note.uid)
    _unmount(place / "work")
    _remove(place)
    if note is not None and note.link:
        _unlink(Path(note.link))
    return not place.exists()


def end_processes(note: Note) -> None:
    """Kill every process of the sandbox, also those that left their session, until none is there."""
    for _ in range(50):
        family = processes_of(note.uid) if note.uid is not None else _marked(note.mark)
        if not family:
            return
        for process in family:
            try:
                process.kill()
            except psutil.Error:
                continue
        psutil.wait_procs(family, timeout=PATIENCE_SECONDS / 50)
    log.error("processes of sandbox %s do not end", note.mark)


def _marked(mark: str) -> list[psutil.Process]:
    """Our own processes that carry the mark. Used where no number of its own tells them apart."""
    if not mark:
        return []
    own = os.geteuid()
    found = []
    for process in psutil.process_iter(["uids"]):
        uids = process.info["uids"]
        if uids is None or uids.real != own or process.pid == os.getpid():
            continue
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def _unmount(work: Path) -> None:
    if not os.path.ismount(work):
        return
    for flags in ([], ["--lazy"]):
        if subprocess.run(["umount", *flags, "--", work], capture_output=True, check=False).returncode == 0:
            return
    log.error("%s could not be unmounted", work)


def _remove(place: Path) -> None:
    """Remove a folder of hostile content: nested too deep for us, or closed to its own owner."""
    try:
        shutil.rmtree(place)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):
        _opened(place)
        gone = subprocess.run(
            ["rm", "-rf", "--one-file-system", "--", place], capture_output=True, check=False, timeout=600
        )
        if gone.returncode != 0 and place.exists():
            log.error("%s could not be removed: %s", place, gone.stderr.decode(errors="replace")[-500:])


def _opened(place: Path) -> None:
    subprocess.run(["chmod", "-R", "u+rwX", "--", place], capture_output=True, check=False, timeout=600)


def _unlink(link: Path) -> None:
    if link.is_symlink():
        link.unlink(missing_ok=True)
