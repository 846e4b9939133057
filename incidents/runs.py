"""What the end of a backup, check or restore test means for incidents."""

import uuid
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from backups.choices import CopyState, Outcome, RunKind
from backups.errors import is_about_repository
from backups.models import Repository, Run
from backups.selectors import passed_after
from catalog.choices import Criticality
from catalog.models import Service
from catalog.selectors import services_on
from incidents import rungs
from incidents.choices import Scale
from incidents.rungs import Rung
from incidents.services import Cause, open_for_cause, prove_again
from people.choices import Role
from people.models import User
from people.selectors import with_role

#: How much the worst hit service is needed → (impact, urgency) of a failure. An error is one severity lower.
OF_FAILURE = {
    Criticality.CRITICAL: (Scale.HIGH, Scale.MEDIUM),
    Criticality.IMPORTANT: (Scale.MEDIUM, Scale.MEDIUM),
    Criticality.NORMAL: (Scale.MEDIUM, Scale.LOW),
}
OF_ERROR = {
    Criticality.CRITICAL: (Scale.MEDIUM, Scale.MEDIUM),
    Criticality.IMPORTANT: (Scale.MEDIUM, Scale.LOW),
    Criticality.NORMAL: (Scale.LOW, Scale.LOW),
}
WORST_FIRST = (Criticality.CRITICAL, Criticality.IMPORTANT, Criticality.NORMAL)


def take_up(*, run_id: uuid.UUID | str) -> None:
    """A failure or error opens or feeds the incident of its cause; a pass, with or without a warning, proves again.

    A failure that is told late, after what failed has held again, opens nothing.
    """
    run = Run.objects.select_related("policy__system__owner", "policy__repository", "policy__owner", "copy").get(
        pk=run_id
    )
    now = timezone.now()
    if run.outcome in (Outcome.FAIL, Outcome.ERROR):
        if _is_over(run):
            return
        open_for_cause(cause=_cause(run), now=now)
    else:
        keys = [run.policy.cause_key, repository_key(_repository_id(run))]
        prove_again(keys=keys, held=_held(run), run={"run": run.reference, "url": _address(run)}, now=now)


def repository_key(repository_id: uuid.UUID) -> str:
    """The cause under which a repository that cannot be reached is one incident for all its policies."""
    return f"backups.repository:{repository_id}"


def _is_over(run: Run) -> bool:
    """Whether what failed has held since, so that this is told too late."""
    failed = _failed(run)
    return any(not rungs.clear([failed], _held(newer)) for newer in passed_after(run).iterator())


def _cause(run: Run) -> Cause:
    policy, services = run.policy, services_on(run.policy.system)
    is_repository = is_about_repository(run.reason_code)
    repository = _repository(run)
    return Cause(
        key=repository_key(repository.pk) if is_repository else policy.cause_key,
        title_code="repository_error" if is_repository else f"{run.kind}_{run.outcome}",
        values={
            "policy": policy.name,
            "repository": repository.name,
            "step": run.failed_step,
            "run": run.reference,
            "reason_code": run.reason_code,
            "reason_values": run.reason_values,
        },
        url=_address(run),
        scales=_scales(run, services),
        failed=_failed(run),
        systems=[policy.system],
        services=services,
        told=_told(run),
    )


def _scales(run: Run, services: list[Service]) -> tuple[int, int]:
    hit = {service.criticality for service in services if service.is_active}
    worst = next((each for each in WORST_FIRST if each in hit), Criticality.NORMAL)
    return (OF_FAILURE if run.outcome == Outcome.FAIL else OF_ERROR)[worst]


def _told(run: Run) -> list[User]:
    """The policy's owner, else the system's, else the administrators."""
    for owner in (run.policy.owner, run.policy.system.owner):
        if owner is not None and owner.is_active and not owner.is_machine:
            return [owner]
    return list(with_role(Role.ADMINISTRATOR))


def _failed(run: Run) -> Rung:
    """The rung that did not hold. A check that names none counts at what checks always have to hold.

    A restore test counts as one wherever it stopped: no check shows that the copy can be restored.
    """
    height = rungs.BACKUP
    if run.kind == RunKind.CHECK:
        height = _first(run.failed_level, run.wanted_level, rungs.LEVEL_OF_CHECK)
    elif run.kind == RunKind.RESTORE_TEST:
        height = max(run.failed_level or 0, rungs.LEVEL_OF_RESTORE_TEST)
    return _rung(run, height)


def _held(run: Run) -> Rung:
    """The highest rung that held. A check or test that says no level proves nothing above a backup."""
    return _rung(run, rungs.BACKUP if run.kind == RunKind.BACKUP else _first(run.level, rungs.BACKUP))


def _rung(run: Run, height: int) -> Rung:
    return Rung(
        policy=str(run.policy_id),
        repository=str(_repository_id(run)),
        kind=run.kind,
        height=height,
        copy_at=_copy_at(run).isoformat(),
    )


def _copy_at(run: Run) -> datetime:
    """The moment whose data the copy holds. A backup without a copy: when it began.

    A check or restore test that ended before it took a copy up says nothing about a newer one than there was: once
    its obstacle is gone, the same copy may show that all is well again.
    """
    if run.copy:
        return run.copy.taken_at
    began = run.started_at or run.created_at
    return began if run.kind == RunKind.BACKUP else _newest_copy_at(run) or began


def _newest_copy_at(run: Run) -> datetime | None:
    kept = run.policy.copies.filter(repository=run.policy.repository_id, state=CopyState.KEPT)
    there = kept.filter(taken_at__lte=run.ended_at) if run.ended_at else kept
    return there.order_by("-taken_at").values_list("taken_at", flat=True).first()


def _repository(run: Run) -> Repository:
    return run.copy.repository if run.copy else run.policy.repository


def _repository_id(run: Run) -> uuid.UUID:
    return run.copy.repository_id if run.copy else run.policy.repository_id


def _address(run: Run) -> str:
    return reverse("run", args=[run.reference])


def _first(*levels: int | None) -> int:
    return next(level for level in levels if level is not None)
