"""Keeping copies: what is stored is registered, and only what is certainly not needed any more is removed."""

import json
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backups.adapters.local import Folder
from backups.choices import OPEN, CopyState
from backups.errors import NoCopy, RunError
from backups.models import BackupPolicy, Copy, Run
from backups.selectors import conditions
from common.clock import date_anew
from common.leases import LeaseLost, held
from ledger.services import Note, record, record_many

log = logging.getLogger(__name__)


@transaction.atomic
def register(run: Run, token: UUID, *, name: str, taken_at: datetime, manifest: dict[str, Any]) -> Copy:
    """Count a stored copy as one. Raises LeaseLost when the run is not ours any more."""
    if held(Run, run.pk, token).select_for_update().values_list("pk").first() is None:
        raise LeaseLost
    copy = Copy.objects.create(
        policy=run.policy,
        repository=run.policy.repository,
        name=name,
        taken_at=taken_at,
        bytes=sum(file["bytes"] for file in manifest["files"]),
        manifest=manifest,
    )
    held(Run, run.pk, token).update(copy=copy, bytes=copy.bytes)
    data = {"policy": str(run.policy_id), "run": run.reference, "manifest_sha256": copy.manifest_sha256}
    record(verb="copy.stored", subject=copy, actor="system:backups", data=data)
    return copy


@transaction.atomic
def date_copies_anew(*, was: datetime, now: datetime) -> None:
    """The clock was ahead until now: a copy that was taken by it is not newer than those that are taken from now on.

    Else the new ones would be removed as the oldest, and no check would look at them. The same for what was found out.
    """
    copies = date_anew(Copy.objects.all(), "taken_at", was=was, now=now)
    notes = [Note("copy.dated_anew", copy, {"policy": copy.policy_id, "taken_at": copy.taken_at}) for copy in copies]
    if notes:
        record_many(notes=notes, actor="system:tick")
    for column in ("created_at", "started_at", "ended_at"):
        date_anew(Run.objects.all(), column, was=was, now=now)


@transaction.atomic
def take_newest(run: Run, token: UUID) -> Copy:
    """The newest copy, bound to the run so that it is not removed under it. Raises NoCopy."""
    copies = run.policy.copies.filter(repository=run.policy.repository, state=CopyState.KEPT)
    copy = copies.order_by("-taken_at").select_for_update(of=["self"]).first()
    if copy is None:
        raise NoCopy
    if not held(Run, run.pk, token).update(copy=copy):
        raise LeaseLost
    return copy


def surplus(policy: BackupPolicy) -> list[Copy]:
    """The copies that may go, the oldest first: those with enough newer ones of which nothing bad is known.

    A copy that is known to be gone or damaged takes no place of another; one that restored with other content than
    was asserted does, for it holds what there was to save. The newest one that a restore proved
    stays, and so does one that is in use.
    """
    copies = Copy.objects.filter(policy=policy, repository=policy.repository, state=CopyState.KEPT)
    kept = list(copies.order_by("-taken_at", "-created_at"))
    # Looked at before what is known of them: a run that ends meanwhile is seen there.
    in_use = Run.objects.filter(policy=policy, state__in=OPEN, copy__isnull=False)
    spared = set(in_use.values_list("copy", flat=True))
    known = conditions(kept)
    spared |= {copy.pk for copy in [copy for copy in kept if known[copy.pk].restored][:1]}
    intact_newer, old = 0, []
    for copy in kept:
        if intact_newer >= policy.keep_copies and copy.pk not in spared:
            old.append(copy)
        intact_newer += known[copy.pk].is_intact
    return old[::-1]


def prune(policy: BackupPolicy, folder: Folder) -> tuple[int, int]:
    """Remove what may go. Returns how many were removed, and how many could not be; those stay and are tried again."""
    removed = failed = 0
    for copy in surplus(policy):
        try:
            aside = _set_aside(copy, folder)
            if aside:
                removed += 1
                folder.discard(aside)  # what stays of it, the next clean-up takes
        except RunError:
            log.exception("the copy %s could not be removed", copy)
            failed += 1
    return removed, failed


@transaction.atomic
def _set_aside(copy: Copy, folder: Folder) -> str:
    """Count a copy as removed, unless a run took it up in the meantime: its row is locked, so none can from here on.

    Returns the name under which its files wait to be deleted, which takes long and holds up nobody; empty: it stays.
    The files go first: a copy that is only counted fails its check, one that is only stored is seen by nobody.
    """
    locked = Copy.objects.select_for_update().get(pk=copy.pk)
    if locked.runs.filter(state__in=OPEN).exists():
        return ""
    aside = folder.set_aside(copy.name)
    Copy.objects.filter(pk=copy.pk).update(state=CopyState.REMOVED)
    record(verb="copy.removed", subject=copy, actor="system:backups", data={"policy": str(copy.policy_id)})
    return aside


def forget_unregistered(run: Run, folder: Folder) -> None:
    """Remove a copy that an earlier attempt of this run stored, and died before it was counted."""
    known = set(Copy.objects.filter(repository=run.policy.repository).values_list("name", flat=True))
    for name in folder.names(run.policy.slug):
        if name.endswith(f"-{run.number:04d}") and name not in known and _is_of(run, folder, name):
            folder.remove(name)


def _is_of(run: Run, folder: Folder, name: str) -> bool:
    """Whether the copy says itself that it is of this run: numbers alone may have been used before."""
    try:
        return json.loads(folder.manifest(name))["run"] == str(run.pk)
    except (RunError, ValueError, KeyError, TypeError):
        return False
