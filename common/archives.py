"""A ZIP that leaves while it is made: memory does not grow with it, and each part's digest is known at its end."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

#: So much is written before it is sent on.
CHUNK = 1 << 16


class Sink(io.RawIOBase):
    """Takes what an archive writes, until it is sent on."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        return len(data)

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken

    @property
    def has_chunk(self) -> bool:
        """Whether it is worth sending on."""
        return len(self._waiting) >= CHUNK


class Archive:
    """The ZIP: `yield from archive.part(name, pieces)` for each file, then `yield archive.end()`.

    digests: {name: SHA-256}, of the parts that are finished.  sizes: their bytes.
    """

    def __init__(self) -> None:
        self._sink = Sink()
        self._file = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)
        self.digests: dict[str, str] = {}
        self.sizes: dict[str, int] = {}

    def part(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """One file, from what it is made of; what is ready to leave comes back."""
        digest, size = sha256(), 0
        with self._file.open(name, "w", force_zip64=True) as part:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                part.write(piece)
                if self._sink.has_chunk:
                    yield self._sink.take()
        self.digests[name], self.sizes[name] = digest.hexdigest(), size

    def end(self) -> bytes:
        """What is left, with the table of contents."""
        self._file.close()
        return self._sink.take()
