"""What a copy holds, source by source, as its manifest tells it: of this form, and of the first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backups.choices import Engine
from backups.errors import OlderForm

#: The form of the manifests that are written now.
FORMAT = 2

#: In the first form there was one database, and beside it, in Holdfast's own copies, an archive of another kind.
FIRST_DUMP = "database.dump"


@dataclass(frozen=True)
class Part:
    """What was saved of one source. files: their names in the copy.  facts: what its engine noted, plain JSON."""

    source: str
    engine: Engine
    files: tuple[str, ...]
    facts: Mapping[str, Any]

    @property
    def canary(self) -> str:
        """What stands for this backup in the source; empty where none could be written."""
        return str((self.facts.get("canary") or {}).get("id", ""))

    @property
    def canary_noted_at(self) -> datetime | None:
        """When it was written, by our own clock: the source's may be wrong."""
        noted = (self.facts.get("canary") or {}).get("noted_at")
        return datetime.fromisoformat(noted) if noted else None

    def plain(self) -> dict[str, Any]:
        """As a manifest keeps it."""
        return {**self.facts, "source": self.source, "engine": self.engine.value, "files": list(self.files)}


def parts_of(manifest: Mapping[str, Any]) -> list[Part]:
    """The parts in the order in which they were saved. Raises OlderForm where the copy cannot be read any more."""
    if "parts" not in manifest:
        return [_of_the_first_form(manifest)]
    return [Part(part["source"], Engine(part["engine"]), tuple(part["files"]), part) for part in manifest["parts"]]


def _of_the_first_form(manifest: Mapping[str, Any]) -> Part:
    if [file["name"] for file in manifest["files"]] != [FIRST_DUMP]:
        raise OlderForm
    return Part("database", Engine.POSTGRESQL, (FIRST_DUMP,), manifest)
