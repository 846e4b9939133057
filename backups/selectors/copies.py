"""What is known of each copy: whether it is still there and whole, and how far it was tried."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from backups.choices import Level, Outcome, RunKind, RunState
from backups.errors import CopyFromFuture, CopyMissing, CopyTooOld, FileMissing, NoCopy
from backups.models import Copy, Run

GOOD = (Outcome.PASS, Outcome.WARN)
#: These say that no newer copy is there, or that a clock is wrong: nothing about the copy that was looked at.
NOT_ABOUT_THE_COPY = {CopyTooOld.code, CopyFromFuture.code, NoCopy.code}
IS_MISSING = {CopyMissing.code, FileMissing.code}


@dataclass(frozen=True)
class Condition:
    """What checks and restore tests found of one copy.

    level: the highest rung it ever held.  failure: the newest run in which it did not hold, unless a later run
    climbed at least as far; one that it did not survive before one that only missed content.
    restored: a restore test showed it good, and nothing spoke against it since.
    """

    level: int | None = None
    failure: Run | None = None
    restored: bool = False

    @property
    def is_intact(self) -> bool:
        """What was saved comes back, as far as is known. A copy that nobody looked at counts as intact.

        That its content was not as expected says what was saved, not what became of the copy.
        """
        return self.failure is None or _is_about_content(self.failure)

    @property
    def has_other_content(self) -> bool:
        """Whether all that is known against it is that it restored, and its content was not as asserted."""
        return self.failure is not None and _is_about_content(self.failure)

    @property
    def is_missing(self) -> bool:
        """Whether it, or a file of it, was gone."""
        return self.failure is not None and self.failure.reason_code in IS_MISSING


def conditions(copies: Iterable[Copy]) -> dict[UUID, Condition]:
    """The condition of each copy, in one query."""
    ids = [copy.pk for copy in copies]
    looked = Run.objects.filter(copy__in=ids, state=RunState.ENDED).exclude(kind=RunKind.BACKUP)
    found: dict[UUID, list[Run]] = defaultdict(list)
    for run in looked.exclude(outcome=Outcome.ERROR).order_by("ended_at", "number"):
        if run.copy_id is not None:
            found[run.copy_id].append(run)
    return {pk: _condition(found[pk]) for pk in ids}


def _condition(runs: Iterable[Run]) -> Condition:
    """runs: those that found something out, the oldest first."""
    level: int | None = None
    failures: list[Run] = []
    restored = False
    for run in runs:
        if run.level is not None:
            level = max(level or 0, run.level)
        if run.outcome in GOOD:
            reached = run.level or 0
            failures = [failure for failure in failures if (failure.failed_level or 0) > reached]
            restored = restored or run.kind == RunKind.RESTORE_TEST
        elif run.reason_code not in NOT_ABOUT_THE_COPY:
            failures.append(run)
    worst = [failure for failure in failures if not _is_about_content(failure)] or failures
    return Condition(level, worst[-1] if worst else None, restored and not failures)


def _is_about_content(failure: Run) -> bool:
    """Whether it restored, and only what was asked of the restored data did not hold."""
    return failure.failed_level is not None and failure.failed_level >= Level.ASSERTED
