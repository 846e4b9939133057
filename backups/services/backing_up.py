"""A backup: every source is saved into one staging folder, and together they become a copy in one moment."""

from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.utils import timezone

from backups.adapters.local import MANIFEST, Folder, opened
from backups.adapters.place import in_words
from backups.choices import Engine, StepName, StepOutcome
from backups.errors import NothingToSave, PruneIncomplete
from backups.models import canonical_manifest
from backups.parts import FORMAT, Part
from backups.services.copies import forget_unregistered, prune, register
from backups.services.engines import ENGINES, Saving
from backups.services.work import Ending, Work, place_of, staging_of
from common.leases import LeaseLost


def back_up(work: Work) -> Ending:
    """Save the sources of a policy. No earlier copy is touched before the new one is stored."""
    run, journal, place = work.run, work.journal, place_of(work.policy)
    with journal.step(StepName.REPOSITORY):
        if not work.sources:
            raise NothingToSave
        is_new = not work.policy.repository.copies.exists()
        folder = work.resources.enter_context(opened(place, is_new=is_new))
        forget_unregistered(run, folder)
        staged = staging_of(run.pk, journal.token)
        _discard_earlier_attempts(folder, staged)
        staging = work.resources.enter_context(folder.staged(staged))
    taken_at = timezone.now()
    parts = [
        ENGINES[Engine(source.engine)].save(Saving(work, source, staging, place, taken_at)) for source in work.sources
    ]
    with journal.step(StepName.STORE) as step:
        manifest = _manifest(work, parts, staging, taken_at)
        name = f"{work.policy.slug}/{taken_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{run.number:04d}"
        _store(folder, staging, manifest, staged=staged, name=name)
        try:
            register(run, journal.token, name=name, taken_at=taken_at, manifest=manifest)
        except LeaseLost:
            folder.remove(name)  # nobody would ever count it
            raise
        step.tool = "sha256"
    with journal.step(StepName.PRUNE) as step:
        _removed, failed = prune(work.policy, folder)
        if failed:
            step.note(PruneIncomplete(count=failed), outcome=StepOutcome.WARN)
    return Ending.good(journal)


def _manifest(work: Work, parts: list[Part], staging: Path, taken_at: datetime) -> dict[str, Any]:
    """What the copy holds, in plain JSON. It lies beside the copy and, out of reach of the repository, with us."""
    return {
        "format": FORMAT,
        "policy": work.policy.slug,
        "run": str(work.run.pk),
        "taken_at": taken_at.isoformat(),
        "parts": [part.plain() for part in parts],
        "files": [_described(staging / name) for part in parts for name in part.files],
    }


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        return {"name": path.name, "bytes": path.stat().st_size, "sha256": file_digest(stream, "sha256").hexdigest()}


def _store(folder: Folder, staging: Path, manifest: dict[str, Any], *, staged: str, name: str) -> None:
    with in_words(folder.place):
        (staging / MANIFEST).write_bytes(canonical_manifest(manifest))
    folder.publish(staged, name)


def _discard_earlier_attempts(folder: Folder, staged: str) -> None:
    """Half a copy of an attempt that died takes the room that this one needs."""
    run_id = staged.partition(".")[0]
    for name in folder.unfinished():
        if name != staged and name.partition(".")[0] == run_id:
            folder.discard(name)
