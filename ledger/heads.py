"""Heads leave the database: whoever rewrites it cannot rewrite what already left the house.

`DATA_DIR/ledger-heads.log` has a line for each seal: its number, its head, its time.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from ledger.models import Seal

log = logging.getLogger(__name__)

NAME = "ledger-heads.log"
LONGEST_LINE = 200


@dataclass(frozen=True)
class Head:
    """The head of one seal, as it left the database."""

    number: int
    head: str


def path() -> Path:
    return Path(settings.DATA_DIR) / NAME


def publish() -> int:
    """Append every head that has not left yet. Returns how many. Safe to call from several places at once."""
    try:
        with _opened() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            return _append(file, _last_number(file))
    except OSError as error:
        # The seal stands; its head is appended with the next one, or by the sweep.
        log.error("the heads of the ledger could not be written to %s: %s", path(), error)
        return 0


def published_bytes() -> int:
    """How much of the file is written now."""
    return path().stat().st_size if path().exists() else 0


def published(*, until_bytes: int) -> Iterator[Head]:
    """Every head in the first bytes of the file, in its order. A line that is none fits no seal."""
    if not until_bytes:
        return
    with path().open("rb") as file:
        while file.tell() < until_bytes and (line := file.readline()):
            yield _parse(line.decode(errors="replace"))


def _opened() -> IO[bytes]:
    return os.fdopen(os.open(path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b")


def _append(file: IO[bytes], after: int) -> int:
    count = 0
    for number, head, at in (
        Seal.objects.filter(number__gt=after).order_by("number").values_list("number", "head", "at").iterator()
    ):
        file.write(f"{number} {head} {at:%Y-%m-%dT%H:%M:%SZ}\n".encode())
        count += 1
    if count:
        file.flush()
        os.fsync(file.fileno())
    return count


def _last_number(file: IO[bytes]) -> int:
    """The number of the last whole line; a line cut off by a power failure is closed first."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_LINE))
    tail = file.read()
    if tail and not tail.endswith(b"\n"):
        cut = tail.rpartition(b"\n")[2]
        file.truncate(size - len(cut))
        tail = tail[: -len(cut)]
    lines = tail.decode(errors="replace").splitlines()
    return _parse(lines[-1]).number if lines else 0


def _parse(line: str) -> Head:
    number, _space, rest = line.strip().partition(" ")
    return Head(int(number) if number.isdecimal() else 0, rest[:64])
