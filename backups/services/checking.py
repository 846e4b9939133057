"""A check climbs the rungs 0 to 3 on the newest copy: there and fresh, plausible, intact, well-formed."""

import json
from statistics import median

from django.utils import timezone

from backups.adapters.local import Folder, opened
from backups.choices import Level, StepName, StepOutcome
from backups.errors import (
    CopyFromFuture,
    CopyTooOld,
    CopyTooSmall,
    DigestDiffers,
    ManifestDiffers,
    SizeChanged,
    SizeUnusual,
)
from backups.models import Copy
from backups.parts import parts_of
from backups.services.copies import take_newest
from backups.services.engines import ENGINES, Stored
from backups.services.holding import CLOCKS_DIFFER
from backups.services.work import Ending, Work, place_of

#: With how many earlier copies a size is compared, and what share of their median is usual.
COMPARED_COPIES = 10
USUAL_SHARE = (0.5, 3.0)


def check(work: Work) -> Ending:
    """Check the newest copy up to the wanted rung."""
    wanted = Level.WELL_FORMED if work.run.wanted_level is None else work.run.wanted_level
    with work.journal.step(StepName.PRESENT, level=Level.PRESENT):
        copy = take_newest(work.run, work.journal.token)
        folder = work.resources.enter_context(opened(place_of(work.policy), is_new=False))
        _present(work, copy, folder)
    if wanted >= Level.PLAUSIBLE:
        with work.journal.step(StepName.SIZE, level=Level.PLAUSIBLE) as step:
            check_sizes(work, copy, folder)
            usual = _usual_size(copy)
            if usual and not USUAL_SHARE[0] <= copy.bytes / usual <= USUAL_SHARE[1]:
                step.note(SizeUnusual(found_bytes=copy.bytes, usual_bytes=usual), outcome=StepOutcome.WARN)
    if wanted >= Level.INTACT:
        with work.journal.step(StepName.DIGEST, level=Level.INTACT) as step:
            step.tool = "sha256"
            check_manifest(copy, folder)
            for file in copy.manifest["files"]:
                work.remaining()
                if folder.sha256(copy.name, file["name"]) != file["sha256"]:
                    raise DigestDiffers(file=file["name"])
    if wanted >= Level.WELL_FORMED:
        for part in parts_of(copy.manifest):
            ENGINES[part.engine].check(Stored(work, copy, part, folder))
    return Ending.good(work.journal)


def check_sizes(work: Work, copy: Copy, folder: Folder) -> None:
    """Raises when the copy is smaller than it may be, a file is empty, or is not as long as it was."""
    whole, smallest = 0, work.policy.smallest_bytes
    for file in copy.manifest["files"]:
        found = folder.size(copy.name, file["name"])
        if not found and file["bytes"]:
            raise CopyTooSmall(file=file["name"], found_bytes=found, smallest_bytes=1)
        if found != file["bytes"]:
            raise SizeChanged(file=file["name"], found_bytes=found, stored_bytes=file["bytes"])
        whole += found
    if whole < smallest:
        raise CopyTooSmall(file=copy.name, found_bytes=whole, smallest_bytes=smallest)


def check_manifest(copy: Copy, folder: Folder) -> None:
    """Raises when the list of contents beside the copy is not the one that we remember."""
    try:
        found = json.loads(folder.manifest(copy.name))
    except (ValueError, RecursionError):
        found = None
    if found != copy.manifest:
        raise ManifestDiffers


def _present(work: Work, copy: Copy, folder: Folder) -> None:
    for file in copy.manifest["files"]:
        folder.size(copy.name, file["name"])
    now, limit = timezone.now(), work.policy.fresh_for
    if copy.taken_at > now + CLOCKS_DIFFER:
        raise CopyFromFuture(taken_at=copy.taken_at.isoformat())
    if now - copy.taken_at > limit:
        raise CopyTooOld(age_seconds=(now - copy.taken_at).total_seconds(), limit_seconds=limit.total_seconds())


def _usual_size(copy: Copy) -> int:
    """The median of the copies before this one; 0 when there are none."""
    earlier = Copy.objects.filter(policy=copy.policy_id, taken_at__lt=copy.taken_at).order_by("-taken_at")
    sizes = list(earlier.values_list("bytes", flat=True)[:COMPARED_COPIES])
    return int(median(sizes)) if sizes else 0
