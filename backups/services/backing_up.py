"""A backup: the source is saved into a staging folder, and becomes a copy in one moment."""

from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from backups.adapters.files import FILES, Packed, pack
from backups.adapters.local import MANIFEST, Folder, opened
from backups.adapters.place import Place, in_words
from backups.adapters.postgres.dump import Dumped
from backups.choices import StepName, StepOutcome
from backups.errors import NoCanary, PruneIncomplete
from backups.models import canonical_manifest
from backups.services.copies import forget_unregistered, prune, register
from backups.services.engines import DUMP, save
from backups.services.work import Ending, Work, place_of, staging_of
from common.leases import LeaseLost

#: Where files that were taken in lie, below DATA_DIR.
STORED_FILES = "files"


def back_up(work: Work) -> Ending:
    """Save the source of a policy. No earlier copy is touched before the new one is stored."""
    run, journal, place = work.run, work.journal, place_of(work.policy)
    with journal.step(StepName.REPOSITORY):
        is_new = not work.policy.repository.copies.exists()
        folder = work.resources.enter_context(opened(place, is_new=is_new))
        forget_unregistered(run, folder)
        staged = staging_of(run.pk, journal.token)
        _discard_earlier_attempts(folder, staged)
        staging = work.resources.enter_context(folder.staged(staged))
    taken_at = timezone.now()
    dumped = _save_database(work, staging / DUMP, place)
    packed = _save_files(work, staging / FILES, place) if work.policy.is_own else None
    with journal.step(StepName.STORE) as step:
        manifest = _manifest(work, dumped, packed, staging, taken_at)
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


def _save_database(work: Work, target: Path, place: Place) -> Dumped:
    with work.journal.chain() as chain:
        dumped = save(work, target, chain, place)
        chain.evidence.shown_by(dumped.finished, version=dumped.tool.rpartition(" ")[2])
        if dumped.canary is None:
            chain.evidence.note(NoCanary(), outcome=StepOutcome.WARN)
    return dumped


def _save_files(work: Work, target: Path, place: Place) -> Packed:
    with work.journal.step(StepName.FILES) as step, in_words(place):
        work.remaining()
        packed = pack(Path(settings.DATA_DIR) / STORED_FILES, target)
        step.tool = "tar"
    return packed


def _manifest(work: Work, dumped: Dumped, packed: Packed | None, staging: Path, taken_at: datetime) -> dict[str, Any]:
    """What the copy holds, in plain JSON. It lies beside the copy and, out of reach of the repository, with us."""
    files: list[dict[str, Any]] = [_described(staging / DUMP)]
    if packed is not None:
        files.append({**_described(staging / FILES), "members": packed.members, "content_bytes": packed.content_bytes})
    canary = {**dumped.canary.plain(), "noted_at": taken_at.isoformat()} if dumped.canary else None
    return {
        **dumped.manifest(),
        "format": 1,
        "policy": work.policy.slug,
        "run": str(work.run.pk),
        "taken_at": taken_at.isoformat(),
        "canary": canary,
        "files": files,
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
