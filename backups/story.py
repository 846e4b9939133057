"""What the page of a run says: its answer in one sentence, and where its time went beside earlier tests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from backups.choices import Level, Outcome, Phase, RunKind, RunState, StepOutcome
from backups.models import Run, Step
from backups.selectors import RunPage, asked_by
from common import gauges
from common.spans import duration

GOOD = {Outcome.PASS, Outcome.WARN}
#: Below this part of the target the phases are too thin to read, and are drawn once more, enlarged.
THIN = 0.15
#: How many earlier tests stand beside a test.
EARLIER = 3


@dataclass(frozen=True)
class Bar:
    """One phase of a restore, as SVG lengths. number: its colour, 1 to 5."""

    number: int
    label: str
    took: timedelta
    x: str
    width: str


@dataclass(frozen=True)
class Row:
    """The phases of one test against the limit."""

    run: Run
    bars: list[Bar]
    took: timedelta
    is_over: bool


@dataclass(frozen=True)
class Story:
    """One run as its page tells it. earlier: tests that passed before it, the newest first, with their steps."""

    page: RunPage
    earlier: list[Run]
    now: datetime

    @property
    def is_open(self) -> bool:
        return self.page.run.state != RunState.ENDED

    @property
    def mark(self) -> str:
        """Changes whenever there is something new to show."""
        run, steps = self.page.run, self.page.steps
        done = sum(step.outcome != StepOutcome.RUNNING for step in steps)
        return f"{run.state}-{run.attempts}-{len(steps)}-{done}"

    @property
    def answer(self) -> str:
        """What came of it, in one sentence."""
        run = self.page.run
        if run.state == RunState.QUEUED:
            return _("Waiting for a free worker")
        if run.state == RunState.RUNNING:
            return _running(RunKind(run.kind))
        if run.outcome == Outcome.ERROR:
            return _could_not(RunKind(run.kind))
        return {RunKind.BACKUP: _saved, RunKind.CHECK: _checked, RunKind.RESTORE_TEST: self._restored}[
            RunKind(run.kind)
        ](run)

    @property
    def now_doing(self) -> str:
        """One short sentence for those who listen: the step that goes on, or the answer."""
        last = self.page.steps[-1] if self.page.steps and self.is_open else None
        return last.get_name_display() if last else self.answer

    @property
    def asked_by(self) -> str:
        """Who or what asked for it."""
        run = self.page.run
        if run.requested_by is not None:
            return str(run.requested_by)
        if run.slot_at is not None:
            return _("the schedule")
        return {
            "system:command": _("the command line"),
            "system:first_start": _("Holdfast's first start"),
        }.get(asked_by(run)) or _("Holdfast itself")

    @property
    def held(self) -> int:
        """How many assertions held."""
        return sum(asked.outcome in {StepOutcome.PASS, StepOutcome.WARN} for asked in self.page.assertions)

    @property
    def shows_phases(self) -> bool:
        """Whether the time is drawn: of a test that goes on or measured something. A failure is no recovery time."""
        run = self.page.run
        is_told = self.is_open or run.recovery_time is not None
        return run.kind == RunKind.RESTORE_TEST and is_told and bool(self.phases)

    @property
    def recovery_state(self) -> str:
        """How the bar of the recovery time is drawn."""
        return self._state(self.page.run.recovery_time, self.page.verdict.target_rto)

    @property
    def loss_state(self) -> str:
        """How the bar of the data loss is drawn."""
        return self._state(self.page.run.data_loss, self.page.verdict.target_rpo)

    @property
    def scale(self) -> timedelta:
        """What stands at the waterline: the target, or without one the longest of the tests."""
        longest = max(_sum(took) for took in (self._phases(self.page.run, self.page.steps), *self._earlier_phases()))
        return self.page.verdict.target_rto or longest or timedelta(minutes=1)

    @property
    def axis(self) -> list[timedelta]:
        """Three quarters of the way to the waterline, one after the other."""
        return [self.scale * part / 4 for part in (1, 2, 3)]

    @property
    def rows(self) -> list[Row]:
        """This test first, then earlier ones."""
        runs = [(self.page.run, self.page.steps), *((run, list(run.steps.all())) for run in self.earlier)]
        return [self._row(run, self._phases(run, steps)) for run, steps in runs]

    @property
    def phases(self) -> list[Bar]:
        """What each phase of this test took."""
        return _bars(self._phases(self.page.run, self.page.steps), self.scale)

    @property
    def enlarged(self) -> list[Bar]:
        """The phases of this test over the whole width, where they are too thin against the target."""
        took = self._phases(self.page.run, self.page.steps)
        is_thin = timedelta(0) < _sum(took) < self.scale * THIN
        return _bars(took, _sum(took) * (gauges.WATERLINE / 100)) if is_thin else []

    def _row(self, run: Run, took: dict[Phase, timedelta]) -> Row:
        whole, target = run.recovery_time or _sum(took), self.page.verdict.target_rto
        return Row(run, _bars(took, self.scale), whole, bool(target and whole > target))

    def _earlier_phases(self) -> list[dict[Phase, timedelta]]:
        return [self._phases(run, list(run.steps.all())) for run in self.earlier]

    def _phases(self, run: Run, steps: list[Step]) -> dict[Phase, timedelta]:
        """How long each phase of the last attempt took; the one that goes on counts until now."""
        took = {phase: timedelta(0) for phase in Phase}
        for step in steps:
            if step.phase and step.attempt == run.attempts:
                took[Phase(step.phase)] += (step.ended_at or self.now) - step.started_at
        return took

    def _state(self, measured: timedelta | None, target: timedelta | None) -> str:
        is_met = self.page.run.outcome in GOOD and measured is not None and (not target or measured <= target)
        return "proven" if is_met else "unproven"

    def _restored(self, run: Run) -> str:
        took, target = run.recovery_time, self.page.verdict.target_rto
        if run.outcome == Outcome.FAIL and run.failed_level is not None and run.failed_level >= Level.ASSERTED:
            return _("Restored, but its content is not what was expected")
        if run.outcome == Outcome.FAIL or took is None:
            return _("The copy does not restore")
        if target is None:
            return _("Restored in %(took)s; no target is set") % {"took": duration(took)}
        far = {"took": duration(took), "far": duration(target - took)}
        if took > target:
            return _("Restored in %(took)s, %(far)s over the target") % far
        return _("Restored in %(took)s, %(far)s inside the target") % far


def _saved(run: Run) -> str:
    if run.outcome == Outcome.FAIL or run.ended_at is None or run.started_at is None:
        return _("The backup failed")
    return _("Saved in %(took)s") % {"took": duration(run.ended_at - run.started_at)}


def _checked(run: Run) -> str:
    level = run.failed_level if run.outcome == Outcome.FAIL else run.level
    if level is None:
        return _("The copy does not hold") if run.outcome == Outcome.FAIL else _("The copy holds")
    named = {"level": level, "name": Level(level).label}
    if run.outcome == Outcome.FAIL:
        return _("The copy does not hold at level %(level)s: %(name)s") % named
    return _("The copy holds up to level %(level)s: %(name)s") % named


def _bars(took: dict[Phase, timedelta], scale: timedelta) -> list[Bar]:
    placed = gauges.offsets(list(took.values()), scale)
    return [
        Bar(number, str(phase.label), length, x, width)
        for number, ((phase, length), (x, width)) in enumerate(zip(took.items(), placed, strict=True), start=1)
        if length
    ]


def _sum(took: dict[Phase, timedelta]) -> timedelta:
    return sum(took.values(), timedelta(0))


def _running(kind: RunKind) -> str:
    return {
        RunKind.BACKUP: _("The backup is running"),
        RunKind.CHECK: _("The copy is being checked"),
        RunKind.RESTORE_TEST: _("The copy is being restored"),
    }[kind]


def _could_not(kind: RunKind) -> str:
    return {
        RunKind.BACKUP: _("The backup could not be carried out"),
        RunKind.CHECK: _("The check could not be carried out"),
        RunKind.RESTORE_TEST: _("The restore test could not be carried out"),
    }[kind]
