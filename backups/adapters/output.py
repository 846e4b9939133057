"""What a program prints: bounded while it is read, and safe to store and to show."""

import os
import unicodedata
from typing import IO


def readable(raw: bytes) -> str:
    """Bytes from outside as text that is safe to store and to show: control and direction characters spelt out."""
    return "".join(_spelt(character) for character in raw.decode("utf-8", errors="replace"))


def _spelt(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return character
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"


class Tail:
    """The last bytes of a stream."""

    def __init__(self, limit: int) -> None:
        self.limit, self._parts, self._dropped = limit, bytearray(), False

    def add(self, chunk: bytes) -> None:
        self._parts += chunk
        if len(self._parts) > self.limit * 2:
            self._drop()

    def get(self) -> bytes:
        if len(self._parts) > self.limit:
            self._drop()
        return (b"[\xe2\x80\xa6]\n" if self._dropped else b"") + bytes(self._parts)

    def _drop(self) -> None:
        del self._parts[: -self.limit]
        self._dropped = True


class Kept:
    """The first bytes of a stream, and whether there were more."""

    def __init__(self, limit: int) -> None:
        self.limit, self._parts, self.over = limit, bytearray(), False

    def add(self, chunk: bytes) -> None:
        room = self.limit - len(self._parts)
        self.over = self.over or len(chunk) > room
        self._parts += chunk[:room]

    def get(self) -> bytes:
        return bytes(self._parts)


def drain(stream: IO[bytes], sink: Tail | Kept) -> None:
    with stream:
        while chunk := os.read(stream.fileno(), 64 * 1024):
            sink.add(chunk)
