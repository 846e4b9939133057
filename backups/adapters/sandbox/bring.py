"""Bringing a file into a sandbox: opened without following links, hashed on the way, owned by the sandbox's user."""

import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from backups.adapters.errors import FileGone, NotARegularFile, SandboxFailed
from common.embedded.processes import Account

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Put:
    """A file that was brought in."""

    name: str
    bytes: int
    sha256: str
    seconds: float


def bring(
    source: Path | BinaryIO, folder: Path, name: str, *, account: Account | None, look: Callable[[], None]
) -> Put:
    """Copy a file into the folder. look: called for each piece, raises when the work has to end."""
    if not FILE_NAME.fullmatch(name):
        raise SandboxFailed
    started = time.monotonic()
    digest, size = hashlib.sha256(), 0
    with opened(source) as stream, _made(folder, name, account) as target:
        while chunk := stream.read(CHUNK):
            look()
            digest.update(chunk)
            target.write(chunk)
            size += len(chunk)
    return Put(name, size, digest.hexdigest(), time.monotonic() - started)


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """The source as a stream. A path must be an ordinary file: a FIFO would block for ever, a link leads elsewhere."""
    if not isinstance(source, Path):
        yield source
        return
    try:
        number = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        kind = NotARegularFile if source.is_symlink() else FileGone
        raise kind(name=source.name) from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise NotARegularFile(name=source.name)
    with os.fdopen(number, "rb") as stream:
        yield stream


@contextmanager
def _made(folder: Path, name: str, account: Account | None) -> Iterator[BinaryIO]:
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        number = os.open(name, flags, 0o600, dir_fd=place)
    finally:
        os.close(place)
    with os.fdopen(number, "wb") as target:
        if account is not None:
            os.fchown(target.fileno(), account.uid, account.gid)
        yield target
