"""What every engine does for a run, and what a run hands to it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from backups.adapters.local import Folder
from backups.adapters.place import Place
from backups.adapters.sandbox import Put, Sandbox
from backups.choices import AssertionCode, Engine, StepOutcome
from backups.models import Assertion, Copy, PolicySource
from backups.parts import Part
from backups.services.work import Work

TEXT_LENGTH = 200
#: What is told where nothing was found.
NOTHING = "–"

GIBIBYTE = 1024**3


@dataclass(frozen=True)
class Saving:
    """One source on its way into a staging folder. taken_at: when the run began to save, by our own clock."""

    work: Work
    source: PolicySource
    staging: Path
    place: Place
    taken_at: datetime

    def part(self, files: list[str], facts: dict[str, Any]) -> Part:
        """What was saved, with the moment by our own clock at its canary."""
        canary = {**facts["canary"], "noted_at": self.taken_at.isoformat()} if facts["canary"] else None
        return Part(self.source.name, Engine(self.source.engine), tuple(files), {**facts, "canary": canary})


@dataclass(frozen=True)
class Stored:
    """One part of a copy where it lies."""

    work: Work
    copy: Copy
    part: Part
    folder: Folder


@dataclass(frozen=True)
class Room:
    """What a part takes in a sandbox, in bytes and entries: at least, to begin at all; at most, until it is ended."""

    needed_bytes: int
    most_bytes: int
    entries: int = 0


@dataclass
class Asked:
    """One source after it was restored and asked.

    canary: whether the one of this backup came back; None where none could be written.  uncounted: tables whose rows
    nobody knows.
    """

    assertions: list[Assertion]
    canary: bool | None = None
    uncounted: int = 0


class RestoredPart(Protocol):
    """One part that is back. tool and version: what answers for it."""

    @property
    def tool(self) -> str: ...

    @property
    def version(self) -> str: ...

    def ask(self, declared: list[dict[str, Any]]) -> Asked:
        """Ask it everything, and what the policy declares of it."""
        ...


class SourceEngine(Protocol):
    """What knows how to save, check and restore one kind of source."""

    def save(self, saving: Saving) -> Part:
        """Save the source into new files of the staging folder, step by step."""
        ...

    def check(self, stored: Stored) -> None:
        """Read the part whole, as a step of level 3. Raises what is wrong with it."""
        ...

    def room(self, part: Part) -> Room:
        """What it takes in a sandbox."""
        ...

    def restored_bytes(self, part: Part) -> int:
        """How large it was when it was saved."""
        ...

    def restore(self, stored: Stored, box: Sandbox, put: dict[str, Put]) -> RestoredPart:
        """Restore the part in a sandbox, step by step. put: its files, by name."""
        ...


def made(
    code: AssertionCode,
    values: dict[str, Any],
    expected: str,
    found: str,
    *,
    holds: bool,
    otherwise: StepOutcome = StepOutcome.FAIL,
) -> Assertion:
    """One answer, not yet stored."""
    return Assertion(
        label_code=code,
        label_values=values,
        expected=expected[:TEXT_LENGTH],
        found=found.replace("\x00", "")[:TEXT_LENGTH],
        outcome=StepOutcome.PASS if holds else otherwise,
    )
