"""The list of contents of a saved folder: a line of JSON for each entry, in the one order in which it is written.

The order is that of a walk: a folder before what lies in it, names by their bytes. Names may be of any bytes; those
that are no UTF-8 are told as lone surrogates, as Python does. A list is read as if an enemy had written it.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, BinaryIO, Literal

from backups.adapters.folder.errors import ListDamaged

Kind = Literal["file", "folder", "link"]

#: Of the file system: a name holds 255 bytes, and no path is opened that is longer than this.
LONGEST_NAME = 255
LONGEST_PATH = 4096
#: Folders in folders: each is an open handle while it is walked through.
DEEPEST = 200
LONGEST_LINE = 64 * 1024
LARGEST_FILE = 2**62
#: Rights and the three marks of old: nothing else is part of a mode.
MODES = 0o7777

KEYS: dict[str, set[str]] = {
    "file": {"path", "kind", "mode", "mtime", "size", "sha256"},
    "folder": {"path", "kind", "mode", "mtime"},
    "link": {"path", "kind", "mode", "mtime", "target"},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a folder. path: from the folder on.  mtime: seconds since 1970.  target: where a link leads."""

    path: str
    kind: Kind
    mode: int
    mtime: int
    size: int = 0
    sha256: str = ""
    target: str = ""

    def line(self) -> bytes:
        """As the list tells it."""
        told: dict[str, Any] = {name: getattr(self, name) for name in KEYS[self.kind]}
        return json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


class Digested:
    """A stream whose digest is known once it was read, or written, to its end."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self._digest, self.bytes = stream, sha256(), 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def readline(self, most: int) -> bytes:
        return self._told(self.stream.readline(most))

    def write(self, piece: bytes) -> None:
        self.stream.write(self._told(piece))

    def _told(self, piece: bytes) -> bytes:
        self._digest.update(piece)
        self.bytes += len(piece)
        return piece


def order(path: str) -> tuple[bytes, ...]:
    """What the entries of a list are sorted by."""
    return tuple(os.fsencode(part) for part in path.split("/"))


def read(stream: BinaryIO, *, digest: str, most: int) -> Iterator[Entry]:
    """The entries of a list, each one looked at. Nothing else of it is believed.

    digest: what the whole of it must have.  most: how many entries there may be. Raises ListDamaged.
    """
    lines, keeper, count = Digested(stream), _Order(), 0
    while line := lines.readline(LONGEST_LINE + 1):
        count += 1
        if count > most or not line.endswith(b"\n"):
            raise ListDamaged
        yield keeper.checked(_entry(line))
    if lines.sha256 != digest:
        raise ListDamaged


def write(entries: Iterable[Entry], stream: BinaryIO) -> str:
    """Write a list; its digest."""
    target = Digested(stream)
    for entry in entries:
        target.write(entry.line())
    return target.sha256


class _Order:
    """Follows the walk that a list tells of: each entry after the last, and below a folder that was listed."""

    def __init__(self) -> None:
        self._last: tuple[bytes, ...] = ()
        self._folder: tuple[bytes, ...] = ()

    def checked(self, entry: Entry) -> Entry:
        place = order(entry.path)
        if place <= self._last or place[:-1] != self._folder[: len(place) - 1] or len(place) > DEEPEST:
            raise ListDamaged
        self._last = place
        self._folder = place if entry.kind == "folder" else place[:-1]
        return entry


def _entry(line: bytes) -> Entry:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ListDamaged from error
    if not isinstance(told, dict) or told.keys() != KEYS.get(str(told.get("kind"))):
        raise ListDamaged
    if not (_is_path(told["path"]) and _is_number(told["mode"], MODES) and _is_moment(told["mtime"])):
        raise ListDamaged
    if told["kind"] == "file" and not (_is_number(told["size"], LARGEST_FILE) and _is_digest(told["sha256"])):
        raise ListDamaged
    if told["kind"] == "link" and not _is_text(told["target"], LONGEST_PATH):
        raise ListDamaged
    return Entry(**told)


def _is_path(value: Any) -> bool:
    if not _is_text(value, LONGEST_PATH):
        return False
    return all(part not in {"", ".", ".."} and len(os.fsencode(part)) <= LONGEST_NAME for part in value.split("/"))


def _is_text(value: Any, most: int) -> bool:
    """A text that stands for bytes of the file system, and for no others."""
    if not isinstance(value, str) or not value or "\0" in value:
        return False
    try:
        raw = os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return len(raw) <= most and os.fsdecode(raw) == value


def _is_number(value: Any, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _is_moment(value: Any) -> bool:
    return type(value) is int and abs(value) < 2**40


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 64 and not set(value) - set("0123456789abcdef")
