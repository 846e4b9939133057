"""Folders for the tests: small ones, and archives as an enemy would write them."""

import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from backups.adapters.folder import Saved, avoided, read_list, read_through, save
from backups.adapters.folder.compressed import Packing
from backups.adapters.folder.listing import Entry
from backups.adapters.folder.members import END, padding

NOBODY = 65534


def fill(folder: Path) -> Path:
    """A little of everything: text, a link, an empty folder, a long name, bytes that are no UTF-8, an odd name."""
    (folder / "invoices" / "2026").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "invoices" / "2026" / "A-1.pdf").write_bytes(b"%PDF-1.7 " + bytes(3000))
    (folder / "invoices" / "note.txt").write_text("opened\n")
    (folder / "invoices" / "none").write_bytes(b"")
    (folder / "latest").symlink_to("invoices/2026/A-1.pdf")
    (folder / "outside").symlink_to("/etc/passwd")
    (folder / ("n" * 120)).mkdir()
    (folder / ("n" * 120) / ("m" * 200)).write_text("far")
    (folder / os.fsdecode(b"gr\xfc\xdfe-\xff")).write_text("latin")
    (folder / "-rf $(id)\n\x1b[31m").write_text("odd")
    return folder


class Shelf:
    """Where a folder was saved to."""

    def __init__(self, place: Path) -> None:
        self.archive, self.contents = place / "files.tar.zst", place / "files.list"

    def saved(self, folder: Path, **options: Any) -> Saved:
        return save(folder, self.archive, self.contents, avoided=options.pop("avoided", avoided([])), **options)

    def entries(self, most: int = 10_000) -> Iterator[Entry]:
        digest = sha256(self.contents.read_bytes()).hexdigest()
        with self.contents.open("rb") as stream:
            yield from read_list(stream, digest=digest, most=most)

    def read(self, onto: Any = lambda piece: None) -> None:
        with self.archive.open("rb") as stream:
            read_through(stream, self.entries(), onto=onto)

    def write(self, members: Iterable[tuple[tarfile.TarInfo, bytes]], *lines: dict[str, Any]) -> None:
        """As somebody who can write to the repository, and to the list with it, would."""
        pieces = [made.tobuf(tarfile.GNU_FORMAT) + content + padding(len(content)) for made, content in members]
        self.put(b"".join(pieces) + END)
        self.contents.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines))

    def put(self, tar: bytes) -> None:
        """Any bytes as the archive."""
        with self.archive.open("wb") as raw:
            packing = Packing(raw)
            packing.write(tar)
            packing.end()


def member(name: str, kind: bytes = tarfile.REGTYPE, *, size: int = 0, target: str = "", mode: int = 0o644) -> Any:
    made = tarfile.TarInfo(name)
    made.type, made.size, made.linkname, made.mode, made.mtime = kind, size, target, mode, 1_700_000_000
    return made


def line(path: str, kind: str = "file", content: bytes = b"", **more: Any) -> dict[str, Any]:
    """What a list says of one entry, so that it agrees with the archive."""
    told: dict[str, Any] = {"path": path, "kind": kind, "mode": 0o644, "mtime": 1_700_000_000}
    if kind == "file":
        told |= {"size": len(content), "sha256": sha256(content).hexdigest()}
    return told | more


@contextmanager
def as_nobody() -> Iterator[None]:
    """As root: without our rights for a moment, so that something can be unreadable."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
