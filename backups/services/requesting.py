"""Asking for a run, and taking up again what somebody dropped."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from backups import jobs
from backups.choices import OPEN, RunKind, RunState
from backups.models import BackupPolicy, Run
from backups.services.ending import end_dead
from common.jobs import enqueue
from common.leases import MAX_ATTEMPTS
from ledger.services import Actor, record
from people.models import User

#: A run that waits this long may have been lost by the broker: it is queued again.
QUEUE_AGAIN_AFTER = timedelta(seconds=20)
#: No more than this at once: the queue is not filled with repeats while the worker is busy.
QUEUE_AGAIN_AT_ONCE = 8


@transaction.atomic
def request_run(
    *,
    policy_id: UUID | str,
    kind: RunKind | str,
    by: Actor | None = None,
    level: int | None = None,
    in_foreground: bool = False,
) -> Run:
    """Ask for a backup, check or restore test. While one of that kind is open, that one is returned.

    level: the highest rung of a check.  in_foreground: the caller carries it out; the queue is only a net.
    Raises BackupPolicy.DoesNotExist.
    """
    policy = BackupPolicy.objects.get(pk=policy_id)
    run, is_new = open_run(policy, kind, requested_by=by if isinstance(by, User) else None, wanted_level=level)
    if is_new:
        actor: Actor = by or "system:command"
        record(verb=f"{kind}.requested", subject=run, actor=actor, data={"policy": str(policy.pk), "level": level})
        if not in_foreground:
            send(run)
    return run


def open_run(policy: BackupPolicy, kind: RunKind | str, **columns: Any) -> tuple[Run, bool]:
    """The open run of that kind, made now if there is none. Returns it, and whether it is new.

    None is made when the slot of a schedule already had its run; then that one is returned.
    """
    new = Run(policy=policy, kind=kind, **columns)
    Run.objects.bulk_create([new], ignore_conflicts=True)
    runs = Run.objects.filter(policy=policy, kind=kind)
    found = runs.filter(pk=new.pk).first() or runs.filter(state__in=OPEN).first()
    if found is None and new.slot_at is not None:
        found = runs.filter(slot_at=new.slot_at).first()
    if found is None:  # the open one, which was in the way, ended between the two looks
        return open_run(policy, kind, **columns)
    return found, found.pk == new.pk


def send(run: Run) -> None:
    """Queue the work of a run."""
    enqueue(jobs.CARRY_OUT, queue=jobs.QUEUE, run_id=str(run.pk))


def take_back(*, now: datetime) -> int:
    """Queue again every run whose worker died; end those that were taken up too often. Returns how many there were."""
    count = 0
    dead = Run.objects.filter(state=RunState.RUNNING, lease_until__lt=now)
    for run_id in list(dead.values_list("pk", flat=True)[:100]):
        with transaction.atomic():
            run = dead.filter(pk=run_id).select_for_update(skip_locked=True).first()
            if run is not None:
                _take_back(run, now)
                count += 1
    if count:
        enqueue(jobs.CLEAN_UP, queue=jobs.QUEUE)
    return count


def queue_again(*, now: datetime) -> int:
    """Queue again what has been waiting for long: the broker may have lost it. Returns how many there were."""
    waiting = Run.objects.filter(state=RunState.QUEUED, queued_at__lt=now - QUEUE_AGAIN_AFTER)
    with transaction.atomic():
        runs = list(waiting.order_by("queued_at").select_for_update(skip_locked=True)[:QUEUE_AGAIN_AT_ONCE])
        Run.objects.filter(pk__in=[run.pk for run in runs]).update(queued_at=now)
        for run in runs:
            send(run)
    return len(runs)


def _take_back(run: Run, now: datetime) -> None:
    if run.attempts >= MAX_ATTEMPTS:
        end_dead(run, now=now)
        return
    Run.objects.filter(pk=run.pk).update(state=RunState.QUEUED, lease_until=None, lease_token=None, queued_at=now)
    record(verb=f"{run.kind}.taken_back", subject=run, actor="system:sweep", data={"attempts": run.attempts})
    send(run)
