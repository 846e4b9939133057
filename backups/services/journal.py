"""The steps of a run, written as they happen, so that anybody can watch."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from backups.adapters.errors import ToolError
from backups.adapters.processes import Finished
from backups.choices import Level, Outcome, Phase, StepName, StepOutcome
from backups.errors import RunError, Unexpected, WorkerDiedHere
from backups.models import Assertion, Run, Step
from common.errors import DomainError
from common.leases import LeaseLost, held

TAIL_LENGTH = 20_000


@dataclass
class Evidence:
    """What one step has to show for itself. Filled in while it goes on."""

    tool: str = ""
    tool_version: str = ""
    command: list[str] = field(default_factory=list)
    exit_code: int | None = None
    tail: str = ""
    note_code: str = ""
    note_values: dict[str, Any] = field(default_factory=dict)
    outcome: StepOutcome = StepOutcome.PASS

    def shown_by(self, finished: Finished, *, version: str = "") -> None:
        """Take over what a command did."""
        self.tool = finished.argv[0].rpartition("/")[2][:60] if finished.argv else ""
        self.tool_version = version[:60]
        self.command, self.exit_code = list(finished.argv), finished.exit_code
        self.tail = finished.tail[-TAIL_LENGTH:]

    def note(self, said: DomainError, *, outcome: StepOutcome | None = None) -> None:
        """Say something beside the outcome, or change it, e.g. to a warning."""
        self.note_code, self.note_values = said.code, said.values
        self.outcome = outcome or self.outcome


class Journal:
    """Writes the steps of one run for the holder of its lease. Each write is a transaction of its own.

    Raises LeaseLost, and writes nothing, when somebody else holds the run by now.
    """

    def __init__(self, run: Run, token: UUID) -> None:
        self.run, self.token = run, token
        self.position = run.steps.aggregate(last=Max("position"))["last"] or 0
        self.failed_level: int | None = None
        self.failed_step = ""
        self.failed_source = ""
        self._levels: set[int] = set()
        self.has_warning = False
        self.has_several_sources = run.policy.sources.count() > 1
        self.phases: dict[str, float] = {}

    @property
    def level(self) -> int | None:
        """The highest rung that held: below the one that did not, whatever one of several sources reached."""
        held_levels = [level for level in self._levels if self.failed_level is None or level < self.failed_level]
        return max(held_levels, default=None)

    @contextmanager
    def step(
        self, name: StepName, *, level: Level | None = None, phase: Phase | None = None, source: str = ""
    ) -> Iterator[Evidence]:
        """One step: begun before the block, ended with what came out of it. An error is noted and goes on upward.

        source: which one it is about, told where the policy has several.
        """
        source = source if self.has_several_sources else ""
        row = self._begin(name, level, phase, source)
        evidence = Evidence()
        try:
            yield evidence
        except DomainError as error:
            self._take(evidence, error)
            self.failed_level, self.failed_step, self.failed_source = level, name, source
            self._end(row, evidence)
            raise
        except Exception as error:  # whatever it is, the step must not stay open; the error goes on upward
            evidence.outcome, evidence.note_code = StepOutcome.ERROR, "unexpected"
            evidence.note_values = {"kind": type(error).__name__}
            self.failed_level, self.failed_step, self.failed_source = level, name, source
            self._end(row, evidence)
            raise
        self._end(row, evidence)
        self._count(row, evidence, level, phase)

    @contextmanager
    def chain(self, *, source: str = "") -> Iterator["Chain"]:
        """Steps that follow each other and are begun by somebody who only tells their names."""
        chain = Chain(self, source)
        with chain.stack:
            yield chain

    def asserted(self, assertions: list[Assertion]) -> None:
        """Keep what was asked of the restored data, and what was found."""
        with self._held():
            Assertion.objects.filter(run=self.run).delete()
            Assertion.objects.bulk_create(assertions)

    def close_dead_steps(self, now: datetime) -> None:
        """Steps that a worker left open when it died are over."""
        with self._held():
            self.run.steps.filter(outcome=StepOutcome.RUNNING).update(
                outcome=StepOutcome.ERROR, ended_at=now, note_code=WorkerDiedHere.code
            )

    def close_open_steps(self, error: Exception, now: datetime) -> None:
        """End what something unexpected left open, such as a step that the database refused to end."""
        left = self.run.steps.filter(outcome=StepOutcome.RUNNING)
        with self._held():
            if step := left.last():
                self.failed_level, self.failed_step, self.failed_source = step.level, step.name, step.source
            left.update(
                outcome=StepOutcome.ERROR, ended_at=now, note_code=Unexpected.code,
                note_values={"kind": type(error).__name__},
            )  # fmt: skip

    def _begin(self, name: StepName, level: Level | None, phase: Phase | None, source: str) -> Step:
        self.position += 1
        with self._held():
            return Step.objects.create(
                run=self.run,
                position=self.position,
                attempt=self.run.attempts,
                name=name,
                source=source,
                level=level,
                phase=phase or "",
                started_at=timezone.now(),
            )

    def _end(self, row: Step, evidence: Evidence) -> None:
        for name, value in vars(evidence).items():
            setattr(row, name, value)
        row.ended_at = timezone.now()
        with self._held():
            row.save(update_fields=[*vars(evidence), "ended_at"])

    def _take(self, evidence: Evidence, error: DomainError) -> None:
        is_fail = isinstance(error, RunError) and error.outcome == Outcome.FAIL
        evidence.note(error, outcome=StepOutcome.FAIL if is_fail else StepOutcome.ERROR)
        if isinstance(error, ToolError) and error.evidence is not None:
            evidence.shown_by(error.evidence)

    def _count(self, row: Step, evidence: Evidence, level: Level | None, phase: Phase | None) -> None:
        self.has_warning = self.has_warning or evidence.outcome == StepOutcome.WARN
        if level is not None and evidence.outcome in {StepOutcome.PASS, StepOutcome.WARN}:
            self._levels.add(level)
        if phase is not None and row.ended_at is not None:
            self.phases[phase] = self.phases.get(phase, 0.0) + (row.ended_at - row.started_at).total_seconds()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """A transaction in which the run is ours."""
        with transaction.atomic():
            if held(Run, self.run.pk, self.token).select_for_update().values_list("pk").first() is None:
                raise LeaseLost
            yield


class Chain:
    """The present step of a chain: beginning the next one ends it."""

    def __init__(self, journal: Journal, source: str) -> None:
        self.journal, self.source, self.stack = journal, source, ExitStack()
        self.evidence = Evidence()

    def begin(self, name: StepName, *, level: Level | None = None, phase: Phase | None = None) -> Evidence:
        """End the present step well, and begin the next."""
        self.stack.close()
        self.evidence = self.stack.enter_context(self.journal.step(name, level=level, phase=phase, source=self.source))
        return self.evidence
