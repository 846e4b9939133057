"""Carrying out runs: taken by a lease, worked on outside any transaction, ended in one short one."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from backups.choices import OPEN, Outcome, RunKind, RunState
from backups.models import Run
from backups.services.backing_up import back_up
from backups.services.checking import check
from backups.services.ending import end
from backups.services.journal import Journal
from backups.services.restoring import test_restore
from backups.services.work import Ending, Work
from catalog.selectors import basis_of
from common.errors import DomainError
from common.leases import LeaseLost, claim, held, keep
from ledger.services import record

log = logging.getLogger(__name__)

WORK: dict[RunKind, Callable[[Work], Ending]] = {
    RunKind.BACKUP: back_up,
    RunKind.CHECK: check,
    RunKind.RESTORE_TEST: test_restore,
}

#: What this process is carrying out, so that it can be told to stop.
_at_work: set[Work] = set()


def carry_out(*, run_id: UUID | str) -> bool:
    """Do the work of a queued run, or of one that its worker dropped. Safe to call twice: the second call does nothing.

    Returns whether the run was taken up here. Whatever goes wrong ends the run with an outcome, except a database
    that is away and a lease that is lost: then somebody takes the run up again.
    """
    token = _take_up(run_id)
    if token is None:
        return False
    run = Run.objects.select_related("policy__repository", "policy__system").get(pk=run_id)
    work = Work(run, Journal(run, token))
    _at_work.add(work)
    try:
        _hold_and_work(work, token)
    except LeaseLost:
        log.warning("%s is somebody else's by now; nothing more is written here", run.reference)
    except KeyboardInterrupt:
        put_back(run, token)
        raise
    finally:
        _at_work.discard(work)
    return True


def _hold_and_work(work: Work, token: UUID) -> None:
    run, basis = work.run, basis_of(work.run.policy.system)
    with keep(Run, run.pk, token, on_loss=work.stop.set) as keeper:
        work.journal.close_dead_steps(timezone.now())
        ending = _work(work)
        keeper.check()
        if work.is_interrupted and ending.outcome in {Outcome.ERROR, Outcome.FAIL}:
            put_back(run, token)
        else:
            end(run, token, ending, basis=basis)


def interrupt() -> None:
    """Stop what this process is carrying out; it is taken up again. Called by the worker's signal handler."""
    for work in list(_at_work):
        work.interrupt()


def put_back(run: Run, token: UUID) -> None:
    """Leave a run for the next start, as if this attempt had not been."""
    with transaction.atomic():
        ours = held(Run, run.pk, token).filter(state=RunState.RUNNING)
        back = ours.update(
            state=RunState.QUEUED,
            lease_until=None,
            lease_token=None,
            attempts=F("attempts") - 1,
            queued_at=timezone.now(),
        )
        if back:
            record(verb="backup_run.interrupted", subject=run, actor="system:worker")


def _take_up(run_id: UUID | str) -> UUID | None:
    now = timezone.now()
    open_runs = Run.objects.filter(pk=run_id).exclude(state=RunState.ENDED)
    return claim(_ready(open_runs), now=now, state=RunState.RUNNING, started_at=now)


def _ready(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Without those that look at copies while the first copy is still being made."""
    waits = Run.objects.filter(
        policy__copies__isnull=True, policy__runs__kind=RunKind.BACKUP, policy__runs__state__in=OPEN
    ).exclude(kind=RunKind.BACKUP)
    return runs.exclude(pk__in=waits.values("pk"))


def _work(work: Work) -> Ending:
    try:
        with work.resources:
            return WORK[RunKind(work.run.kind)](work)
    except (OperationalError, InterfaceError, LeaseLost):  # the database is away, or the run is somebody else's
        raise
    except Exception as error:  # a run must end whatever happens in it; the log keeps what it was
        if not isinstance(error, DomainError):
            log.exception("%s ended unexpectedly", work.run.reference)
            work.journal.close_open_steps(error, timezone.now())
        return Ending.bad(work.journal, error)
