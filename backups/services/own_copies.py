"""Reading a copy of Holdfast itself where it lies, without any database that could say what it should be."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from backups.adapters.local import FOLDER, Folder
from backups.adapters.place import Place, in_words
from backups.choices import Engine
from backups.errors import RunError
from backups.errors.bringing_back import NoOwnCopy, OwnCopyDamaged, OwnCopyOther
from backups.parts import FORMAT, Part, parts_of
from backups.services.own import SLUG


@dataclass(frozen=True)
class OwnCopy:
    """A copy of our own policy: its list of contents, and where it lies."""

    folder: Folder
    name: str
    manifest: dict[str, Any]
    manifest_sha256: str
    taken_at: datetime

    def part(self, engine: Engine) -> Part:
        """What was saved by this engine: there is one of each."""
        [part] = [part for part in parts_of(self.manifest) if part.engine == engine]
        return part

    def path(self, file: str) -> Path:
        """Where a file of it lies."""
        return Path(self.folder.place.location) / self.name / file

    def check(self) -> None:
        """Hold every file against the digest in the list. Raises OwnCopyDamaged."""
        for file in self.manifest["files"]:
            try:
                found = self.folder.sha256(self.name, file["name"])
            except RunError as error:
                raise OwnCopyDamaged(file=file["name"]) from error
            if found != file["sha256"]:
                raise OwnCopyDamaged(file=file["name"])


@contextmanager
def opened_copy(path: Path, *, digest: str = "") -> Iterator[OwnCopy]:
    """The copy in this folder. digest: that of its list of contents, where somebody kept it.

    Raises NoOwnCopy, OwnCopyOther.
    """
    path = path.resolve()
    place = Place("", path.parent.parent.name, str(path.parent.parent))
    try:
        with in_words(place):
            root = os.open(place.location, FOLDER)
    except RunError as error:
        raise NoOwnCopy(path=path, reason=error.message) from error
    try:
        yield _read(Folder(place, root), path, digest)
    finally:
        os.close(root)


def _read(folder: Folder, path: Path, digest: str) -> OwnCopy:
    name = f"{path.parent.name}/{path.name}"
    try:
        raw = folder.manifest(name)
        manifest = json.loads(raw)
        taken_at = datetime.fromisoformat(manifest["taken_at"])
        if manifest["policy"] != SLUG or manifest["format"] != FORMAT:
            raise NoOwnCopy(path=path, reason=f"{manifest['policy']}, format {manifest['format']}")
        engines = sorted(part.engine for part in parts_of(manifest))
        _check_names(manifest)
    except RunError as error:
        raise NoOwnCopy(path=path, reason=error.message) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoOwnCopy(path=path, reason=type(error).__name__) from error
    if engines != sorted([Engine.POSTGRESQL, Engine.FOLDER]):
        raise NoOwnCopy(path=path, reason=", ".join(engines))
    found = sha256(raw).hexdigest()
    if digest and digest.strip().lower() != found:
        raise OwnCopyOther(found=found)
    return OwnCopy(folder, name, manifest, found, taken_at)


def _check_names(manifest: dict[str, Any]) -> None:
    """Every file lies in the folder of the copy, and every part is among the files that have a digest."""
    names = {str(file["name"]) for file in manifest["files"]}
    if any(Path(name).name != name for name in names):
        raise ValueError("name")
    if not all(set(part.files) <= names for part in parts_of(manifest)):
        raise ValueError("parts")
