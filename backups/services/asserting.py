"""What is asked of restored data, source by source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from backups.choices import StepOutcome
from backups.models import Assertion
from backups.parts import Part
from backups.services.engines import Asked, RestoredPart
from backups.services.work import Work

HOLDS = {StepOutcome.PASS, StepOutcome.WARN}


@dataclass
class Answers:
    """All assertions of one restore test.

    losses: how much of each source would have been lost; None where that is unknown.  uncounted: tables whose rows
    nobody knows.
    """

    assertions: list[Assertion] = field(default_factory=list)
    losses: list[timedelta | None] = field(default_factory=list)
    uncounted: int = 0

    @property
    def failed(self) -> int:
        return sum(assertion.outcome not in HOLDS for assertion in self.assertions)

    @property
    def data_loss(self) -> timedelta | None:
        """That of the whole is the longest; where one is unknown, so is the whole."""
        known = [loss for loss in self.losses if loss is not None]
        return max(known, default=None) if len(known) == len(self.losses) else None

    def add(self, work: Work, part: Part, asked: Asked) -> None:
        """Take over what one source answered."""
        for assertion in asked.assertions:
            assertion.run, assertion.source = work.run, shown_source(work, part)
            assertion.position = len(self.assertions) + 1
            self.assertions.append(assertion)
        self.losses.append(_loss(work, part, asked))
        self.uncounted += asked.uncounted


def declared_of(policy_assertions: list[dict[str, Any]], part: Part, parts: list[Part]) -> list[dict[str, Any]]:
    """The assertions of a policy that one part is asked: those that name it, or the first that can answer."""
    return [wanted for wanted in policy_assertions if _asked_of(wanted, parts) == part.source]


def ask(work: Work, part: Part, restored: RestoredPart, parts: list[Part]) -> Asked:
    """Ask one restored part everything."""
    return restored.ask(declared_of(work.policy.assertions, part, parts))


def shown_source(work: Work, part: Part) -> str:
    """The name of a source where there are several, else nothing: then everything is about the one."""
    return part.source if work.has_several_sources else ""


def _asked_of(wanted: Mapping[str, Any], parts: list[Part]) -> str:
    if wanted.get("source"):
        return str(wanted["source"])
    engine = "folder" if "path" in wanted else "postgresql"
    return next((part.source for part in parts if part.engine == engine), "")


def _loss(work: Work, part: Part, asked: Asked) -> timedelta | None:
    noted_at = part.canary_noted_at
    return max(work.began_at - noted_at, timedelta(0)) if asked.canary and noted_at is not None else None
