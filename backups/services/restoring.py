"""A restore test: the newest copy is fetched into a sandbox, restored, asked, measured, and everything is removed."""

from datetime import timedelta
from typing import Any

from backups.adapters.local import Folder, opened
from backups.adapters.sandbox import Put, Sandbox
from backups.choices import CopyState, Level, Phase, StepName, StepOutcome
from backups.errors import AssertionsFailed, DigestDiffers, NothingAsserted, RowsUncounted
from backups.models import Copy, Run
from backups.parts import Part, parts_of
from backups.services.asserting import Answers, ask
from backups.services.checking import check_manifest
from backups.services.copies import take_newest
from backups.services.engines import ENGINES, RestoredPart, Stored
from backups.services.sandboxes import sandbox
from backups.services.work import Ending, Work, place_of
from common.leases import LeaseLost, held


def test_restore(work: Work) -> Ending:
    """Restore the newest copy apart from everything else, and measure how long it took to be sure of its content."""
    with work.journal.step(StepName.SANDBOX, level=Level.RESTORED, phase=Phase.SANDBOX) as step:
        expected = _expected_manifest(work)
        rooms = [ENGINES[part.engine].room(part) for part in parts_of(expected)] if expected else []
        box = work.resources.enter_context(sandbox(work, rooms))
        step.tool, step.tool_version, step.tail = box.isolation, box.version, box.description
        if not held(Run, work.run.pk, work.journal.token).update(isolation=box.isolation):
            raise LeaseLost
        box.check_room(sum(room.needed_bytes for room in rooms))
    try:
        return _restore_in(box, work)
    finally:
        with work.journal.step(StepName.DESTROY):
            box.destroy()


def _restore_in(box: Sandbox, work: Work) -> Ending:
    journal = work.journal
    with journal.step(StepName.FETCH, level=Level.PRESENT, phase=Phase.FETCH):
        copy = take_newest(work.run, journal.token)
        folder = work.resources.enter_context(opened(place_of(work.policy), is_new=False))
        put = {file["name"]: _fetch(box, copy, folder, file["name"]) for file in copy.manifest["files"]}
    with journal.step(StepName.VERIFY, level=Level.INTACT, phase=Phase.VERIFY) as step:
        step.tool = "sha256"
        check_manifest(copy, folder)
        parts = parts_of(copy.manifest)
        for file in copy.manifest["files"]:
            if put[file["name"]].sha256 != file["sha256"]:
                raise DigestDiffers(file=file["name"])
    restored = [(part, ENGINES[part.engine].restore(Stored(work, copy, part, folder), box, put)) for part in parts]
    answers = _ask(work, restored)
    took = timedelta(seconds=sum(journal.phases.values()))
    size = sum(ENGINES[part.engine].restored_bytes(part) for part in parts)
    held(Run, work.run.pk, journal.token).update(bytes=size or copy.bytes)
    return Ending.good(journal, recovery_time=took, data_loss=answers.data_loss)


def _ask(work: Work, restored: list[tuple[Part, RestoredPart]]) -> Answers:
    """Ask every part. One that cannot be asked anything proves nothing, whatever the others say."""
    answers, parts = Answers(), [part for part, _restored in restored]
    with work.journal.step(StepName.ASSERT, level=Level.ASSERTED, phase=Phase.ASSERT) as step:
        step.tool, step.tool_version = restored[0][1].tool, restored[0][1].version
        mute = [part.source for part, one in restored if not _asked(work, answers, part, one, parts)]
        work.journal.asserted(answers.assertions)
        if mute:
            raise NothingAsserted(source=mute[0])
        step.exit_code = 0  # every question was answered, whatever the answers say
        if answers.failed:
            raise AssertionsFailed(failed=answers.failed, all=len(answers.assertions))
        if answers.uncounted:
            step.note(RowsUncounted(count=answers.uncounted), outcome=StepOutcome.WARN)
    return answers


def _asked(work: Work, answers: Answers, part: Part, restored: RestoredPart, parts: list[Part]) -> int:
    """Ask one part; how many questions there were."""
    asked = ask(work, part, restored, parts)
    answers.add(work, part, asked)
    return len(asked.assertions)


def _fetch(box: Sandbox, copy: Copy, folder: Folder, name: str) -> Put:
    with folder.file(copy.name, name) as stream:
        return box.put(stream, name)


def _expected_manifest(work: Work) -> dict[str, Any]:
    """That of the newest copy by now, to know how much room it needs; empty when there is none."""
    kept = work.policy.copies.filter(state=CopyState.KEPT).order_by("-taken_at")
    return kept.values_list("manifest", flat=True).first() or {}
