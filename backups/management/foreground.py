"""What the commands that carry out a run at once have in common."""

import json
import time
from argparse import ArgumentParser
from typing import Any, ClassVar

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from backups import selectors, services
from backups.choices import Outcome, RunKind, RunState
from backups.errors import PolicyUnknown
from backups.models import BackupPolicy, Run
from common import spans

#: Exit codes: it holds, it does not, it was never found out.
CODES = {Outcome.PASS: 0, Outcome.WARN: 0, Outcome.FAIL: 1, Outcome.ERROR: 2}
NOT_CARRIED_OUT = 2

LOOK_EVERY_SECONDS = 0.5


class ForegroundCommand(BaseCommand):
    """Carries out one run of a policy here and now, and tells how it ended: in words, or as one JSON object."""

    kind: ClassVar[RunKind]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("policy", help="short name of the backup policy")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            policy = selectors.policy_by_name(options["policy"])
        except PolicyUnknown as unknown:
            self._refuse(unknown, as_json=options["json"])
        run = carry_out_now(policy, self.kind, level=options.get("level"))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(run), ensure_ascii=False))
        else:
            self._tell(run)
        raise SystemExit(CODES[Outcome(run.outcome)])

    def _refuse(self, unknown: PolicyUnknown, *, as_json: bool) -> None:
        if as_json:
            said = {"outcome": Outcome.ERROR, "code": unknown.code, "reason": unknown.message}
            nothing: dict[str, Any] = {"steps": [], "recovery_seconds": None, "data_loss_seconds": None}
            self.stdout.write(json.dumps(said | nothing, ensure_ascii=False))
        self.stderr.write(unknown.message)
        raise SystemExit(NOT_CARRIED_OUT)

    def _tell(self, run: Run) -> None:
        for step in _steps(run):
            took = f"{_seconds(step):7.2f} s" if step.ended_at else ""
            self.stdout.write(f"{took}  {step.get_outcome_display():<24} {step.get_name_display()}")
            if step.note:
                self.stdout.write(f"{'':11}{step.note}")
        for assertion in run.assertions.order_by("position"):
            self.stdout.write(f"{'':11}{assertion.get_outcome_display()}: {assertion.label} ({assertion.found})")
        self.stdout.write(f"{run.reference}: {run.get_outcome_display()}. {run.reason}".rstrip())
        if run.recovery_time is not None:
            self.stdout.write(_("Recovery took %(took)s.") % {"took": spans.duration(run.recovery_time)})
        if run.data_loss is not None:
            self.stdout.write(_("%(lost)s of data would be lost.") % {"lost": spans.duration(run.data_loss)})


def carry_out_now(policy: BackupPolicy, kind: RunKind, *, level: int | None = None) -> Run:
    """Carry out a run here, or wait for the end of the one that somebody else is carrying out.

    A first backup that the run waits for, and that no worker has taken up, is carried out here before it.
    """
    run = services.request_run(policy_id=policy.pk, kind=kind, level=level, in_foreground=True)
    while not services.carry_out(run_id=run.pk):
        if Run.objects.filter(pk=run.pk, state=RunState.ENDED).exists():
            break
        services.take_back(now=timezone.now())
        first = policy.runs.filter(kind=RunKind.BACKUP, state=RunState.QUEUED).exclude(pk=run.pk).first()
        if first is not None and services.carry_out(run_id=first.pk):
            continue
        time.sleep(LOOK_EVERY_SECONDS)
    return Run.objects.select_related("policy__repository", "copy").get(pk=run.pk)


def as_json(run: Run) -> dict[str, Any]:
    """The run as other programs read it."""
    return {
        "run": run.reference,
        "policy": run.policy.slug,
        "kind": run.kind,
        "outcome": run.outcome,
        "level": run.level,
        "failed_level": run.failed_level,
        "failed_step": run.failed_step,
        "code": run.reason_code,
        "reason": run.reason,
        "copy": run.copy.name if run.copy else None,
        "isolation": run.isolation,
        "recovery_seconds": run.recovery_time.total_seconds() if run.recovery_time is not None else None,
        "data_loss_seconds": run.data_loss.total_seconds() if run.data_loss is not None else None,
        "steps": [_step_as_json(step) for step in _steps(run)],
        "assertions": [
            {
                "label": assertion.label,
                "expected": assertion.expected,
                "found": assertion.found,
                "outcome": assertion.outcome,
            }
            for assertion in run.assertions.order_by("position")
        ],
    }


def _step_as_json(step: Any) -> dict[str, Any]:
    return {
        "name": step.name,
        "outcome": step.outcome,
        "seconds": _seconds(step),
        "tool": step.tool,
        "version": step.tool_version,
        "exit_code": step.exit_code,
        "tail": step.tail,
        "note": step.note,
    }


def _steps(run: Run) -> list[Any]:
    """Those of the attempt that ended it."""
    return list(run.steps.filter(attempt=run.attempts).order_by("position"))


def _seconds(step: Any) -> float:
    return round(step.duration.total_seconds(), 3) if step.duration is not None else 0.0
