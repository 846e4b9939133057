"""The end of a run: outcome, measurement, ledger and announcement, together or not at all."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backups import jobs
from backups.choices import OPEN, Outcome, RunKind, RunState, StepOutcome
from backups.errors import BroughtBack, WorkerDied, WorkerDiedHere
from backups.models import Run, Step
from backups.services.proving import prove_actions
from backups.services.work import Ending
from backups.signals import RUN_ENDED
from catalog.choices import Origin
from catalog.choices import Outcome as Measured
from catalog.services import record_measurement
from common.facts import announce
from common.jobs import enqueue
from common.leases import MAX_ATTEMPTS, LeaseLost, held
from ledger.services import Actor, Note, record, record_many

MEASURED = {
    Outcome.PASS: Measured.PASS,
    Outcome.WARN: Measured.PASS,
    Outcome.FAIL: Measured.FAIL,
    Outcome.ERROR: Measured.ERROR,
}


@transaction.atomic
def end(run: Run, token: UUID, ending: Ending, *, basis: Mapping[str, str] | None = None) -> None:
    """End a run that is held by the token. Raises LeaseLost, and changes nothing, when it is not.

    basis: what the system stood on when the work began.
    """
    if not held(Run, run.pk, token).filter(state=RunState.RUNNING).update(**_columns(ending, timezone.now())):
        raise LeaseLost
    _tell(run, basis)


def end_open(*, now: datetime, by: Actor) -> int:
    """End every run that was open when a copy was taken of which Holdfast came back. Returns how many.

    Nobody is told and nothing is measured: how they ended is not known here, which says nothing of their policies.
    """
    runs = list(Run.objects.select_for_update().filter(state__in=OPEN))
    ending = Ending(Outcome.ERROR, reason_code=BroughtBack.code)
    Step.objects.filter(run__in=runs, outcome=StepOutcome.RUNNING).update(
        outcome=StepOutcome.ERROR, ended_at=now, note_code=BroughtBack.code
    )
    Run.objects.filter(pk__in=[run.pk for run in runs]).update(**_columns(ending, now))
    data = {"outcome": Outcome.ERROR, "reason": BroughtBack.code}
    record_many(notes=[Note(f"{run.kind}.ended", run, data) for run in runs], actor=by)
    return len(runs)


def end_dead(run: Run, *, now: datetime) -> None:
    """End a run whose worker died too often. The row is locked by the caller."""
    failed = run.steps.filter(outcome=StepOutcome.RUNNING).last()
    run.steps.filter(outcome=StepOutcome.RUNNING).update(
        outcome=StepOutcome.ERROR, ended_at=now, note_code=WorkerDiedHere.code
    )
    ending = Ending(
        Outcome.ERROR,
        failed_level=failed.level if failed else None,
        failed_step=failed.name if failed else "",
        failed_source=failed.source if failed else "",
        reason_code=WorkerDied.code,
        reason_values={"attempts": MAX_ATTEMPTS},
    )
    Run.objects.filter(pk=run.pk).update(**_columns(ending, now))
    _tell(run, None)


def _columns(ending: Ending, now: datetime) -> dict[str, object]:
    return {**vars(ending), "state": RunState.ENDED, "ended_at": now, "lease_until": None, "lease_token": None}


def _tell(run: Run, basis: Mapping[str, str] | None) -> None:
    run.refresh_from_db()
    if run.kind == RunKind.RESTORE_TEST:
        _measure(run, basis)
        if MEASURED[Outcome(run.outcome)] == Measured.PASS:
            prove_actions(run)
    data = {
        "outcome": run.outcome,
        "failed_step": run.failed_step,
        "reason": run.reason_code,
        "copy": run.copy.name if run.copy else None,
        "policy": str(run.policy_id),
    }
    record(verb=f"{run.kind}.ended", subject=run, actor="system:backups", data=data)
    announce(RUN_ENDED, run_id=str(run.pk))
    for waiting in Run.objects.filter(policy=run.policy_id, state=RunState.QUEUED):
        enqueue(jobs.CARRY_OUT, queue=jobs.QUEUE, run_id=str(waiting.pk))


def _measure(run: Run, basis: Mapping[str, str] | None) -> None:
    record_measurement(
        system=run.policy.system,
        origin=Origin.RESTORE_TEST,
        reference=run.reference,
        url=run.get_absolute_url(),
        stream=run.policy.stream,
        outcome=MEASURED[Outcome(run.outcome)],
        measured_at=run.ended_at or timezone.now(),
        recovery_time=run.recovery_time,
        data_loss=run.data_loss,
        bytes=run.bytes,
        basis=basis,
    )
