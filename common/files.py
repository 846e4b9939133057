"""Files that are taken in: their bytes lie under their digest, so equal files lie once.

A file is complete before it has its name: written aside, flushed to the disk, then renamed.
"""

import codecs
import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.models import StoredFile
from common.text import UNSAFE, safe_name

CHUNK = 256 * 1024
LIMIT_BYTES = 25 * 1024 * 1024
#: A file without a row may be on its way in; after a day its transaction has surely ended.
ORPHAN_AFTER = timedelta(days=1)
#: So many are asked about at once, and removed at most while others wait to put files in place.
BATCH = 500

#: What the first bytes of a file say about it. All else is text or unknown.
BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": "application/pdf",
}
TEXT, UNKNOWN = "text/plain", "application/octet-stream"


class FileTooBig(DomainError):
    """More bytes than may be taken in."""

    code = "file_too_big"
    status = 413
    template = _("This file is too big: at most %(limit)s MB can be taken in.")


class StorageFull(DomainError):
    """The disk has no room left."""

    code = "storage_full"
    status = 507
    template = _("The file could not be kept: the disk is full. Make room, then send it again.")


class Readable(Protocol):
    """What can be read piece by piece: an open file, an upload."""

    def read(self, size: int, /) -> bytes: ...


def store(stream: Readable, *, name: str, limit_bytes: int = LIMIT_BYTES) -> StoredFile:
    """Take a file in, in the transaction of what it belongs to. Its type is told from its content alone.

    Raises FileTooBig, StorageFull. A transaction that is undone leaves bytes that the sweep removes.
    """
    try:
        digest, size_bytes, content_type = _take_in(stream, limit_bytes)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
    return StoredFile.objects.create(
        sha256=digest, name=safe_name(name, otherwise="file"), content_type=content_type, size_bytes=size_bytes
    )


def open_file(stored: StoredFile) -> IO[bytes]:
    """The bytes, for reading. Raises FileNotFoundError when somebody removed them."""
    return path_of(stored.sha256).open("rb")


def path_of(digest: str) -> Path:
    """Where the bytes with this digest lie."""
    return _folder() / digest[:2] / digest


def remove_orphans(*, now: datetime) -> int:
    """Remove bytes older than a day that no row names. Returns how many files."""
    removed = 0
    for folder in _folder().glob("*/"):
        old = [path for path in folder.iterdir() if _is_old(path, now)]
        for start in range(0, len(old), BATCH):
            # Most have a row: those are told apart before anybody has to wait for us.
            suspects = _without_row(old[start : start + BATCH])
            removed += _remove_orphans_of(suspects, now) if suspects else 0
    return removed


def _take_in(stream: Readable, limit_bytes: int) -> tuple[str, int, str]:
    incoming = _folder() / "incoming"
    incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=incoming)
    look = Look()
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := stream.read(CHUNK):
                look.at(chunk)
                if look.size_bytes > limit_bytes:
                    raise FileTooBig(limit=f"{limit_bytes / 1024 / 1024:g}")
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(Path(aside), path_of(look.digest()))
    finally:
        Path(aside).unlink(missing_ok=True)
    return look.digest(), look.size_bytes, look.content_type()


def _put_in_place(aside: Path, path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with _locked(fcntl.LOCK_SH):
        # Over the equal file too: its age begins again, so that no sweep takes it before our row is seen.
        aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _without_row(paths: list[Path]) -> list[Path]:
    named = set(StoredFile.objects.filter(sha256__in=[path.name for path in paths]).values_list("sha256", flat=True))
    return [path for path in paths if path.name not in named]


def _remove_orphans_of(suspects: list[Path], now: datetime) -> int:
    with _locked(fcntl.LOCK_EX):
        orphans = [path for path in _without_row(suspects) if _is_old(path, now)]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)


def _is_old(path: Path, now: datetime) -> bool:
    with suppress(FileNotFoundError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - ORPHAN_AFTER
    return False


@contextmanager
def _locked(how: int) -> Iterator[None]:
    """Shared for putting files in place, exclusive for removing them."""
    handle = os.open(_folder() / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "files"


class Look:
    """Learns size, digest and type of a file while it passes by."""

    def __init__(self) -> None:
        self.size_bytes = 0
        self._hash = sha256()
        self._beginning = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._is_text = True

    def at(self, chunk: bytes) -> None:
        """The next bytes."""
        self.size_bytes += len(chunk)
        self._hash.update(chunk)
        self._beginning += chunk[: 16 - len(self._beginning)]
        self._read(chunk)

    def digest(self) -> str:
        return self._hash.hexdigest()

    def content_type(self) -> str:
        """The type, once all has passed."""
        for beginning, content_type in BEGINNINGS.items():
            if self._beginning.startswith(beginning):
                return content_type
        if self._beginning[:4] == b"RIFF" and self._beginning[8:12] == b"WEBP":
            return "image/webp"
        self._read(b"", final=True)
        return TEXT if self._is_text and self.size_bytes else UNKNOWN

    def _read(self, chunk: bytes, *, final: bool = False) -> None:
        if self._is_text:
            try:
                self._is_text = not UNSAFE.search(self._decoder.decode(chunk, final))
            except UnicodeDecodeError:
                self._is_text = False
