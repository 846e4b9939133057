"""What a run needs while it is carried out."""

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from backups.adapters.errors import Stopped
from backups.adapters.place import Place
from backups.choices import Outcome
from backups.errors import RunError, TookTooLong, Unexpected
from backups.models import BackupPolicy, PolicySource, Run
from backups.services.journal import Journal
from common.errors import DomainError


def place_of(policy: BackupPolicy) -> Place:
    """Where the copies of a policy lie, as the adapter wants it."""
    repository = policy.repository
    return Place(id=str(repository.pk), name=repository.name, location=repository.location)


def staging_of(run_id: UUID, token: UUID) -> str:
    """Where one attempt of a run stages its copy: never where another does that believes to hold the run still."""
    return f"{run_id}.{token.hex[:8]}"


@dataclass(eq=False)
class Work:
    """One run in the hands of one holder. `stop` ends whatever program is running, from any thread.

    resources: closed when the work is over.
    """

    run: Run
    journal: Journal
    stop: threading.Event = field(default_factory=threading.Event)
    resources: ExitStack = field(default_factory=ExitStack)
    is_interrupted: bool = False
    began: float = field(default_factory=time.monotonic)

    @property
    def policy(self) -> BackupPolicy:
        return self.run.policy

    @property
    def sources(self) -> list[PolicySource]:
        """What the policy saves, in its order."""
        return list(self.policy.sources.order_by("position"))

    @property
    def has_several_sources(self) -> bool:
        return self.journal.has_several_sources

    @property
    def began_at(self) -> datetime:
        """When this run was taken up."""
        return self.run.started_at or timezone.now()

    def remaining(self) -> float:
        """Seconds that the policy still allows. Raises TookTooLong when they are used up."""
        limit = self.policy.wall_clock.total_seconds()
        left = limit - (time.monotonic() - self.began)
        if left <= 0:
            raise TookTooLong(limit_seconds=limit)
        return left

    def check(self) -> None:
        """For work in small pieces: raises Stopped when it has to end, TookTooLong when its time is over."""
        if self.stop.is_set():
            raise Stopped
        self.remaining()

    def interrupt(self) -> None:
        """Stop here; the run is taken up again later."""
        self.is_interrupted = True
        self.stop.set()


@dataclass
class Ending:
    """How a run ended: what is written to its row."""

    outcome: Outcome
    level: int | None = None
    failed_level: int | None = None
    failed_step: str = ""
    failed_source: str = ""
    reason_code: str = ""
    reason_values: dict[str, Any] = field(default_factory=dict)
    recovery_time: timedelta | None = None
    data_loss: timedelta | None = None

    @classmethod
    def good(cls, journal: Journal, **measured: Any) -> "Ending":
        """It was carried out to its end. A warning of one step is a warning of the run."""
        outcome = Outcome.WARN if journal.has_warning else Outcome.PASS
        return cls(outcome, level=journal.level, **measured)

    @classmethod
    def bad(cls, journal: Journal, error: Exception) -> "Ending":
        """An error ended it. What is not a known refusal is told by its kind only: its text may hold anything."""
        known = error if isinstance(error, DomainError) else Unexpected(kind=type(error).__name__)
        return cls(
            known.outcome if isinstance(known, RunError) else Outcome.ERROR,
            level=journal.level,
            failed_level=journal.failed_level,
            failed_step=journal.failed_step,
            failed_source=journal.failed_source,
            reason_code=known.code,
            reason_values=known.values,
        )
