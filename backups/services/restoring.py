"""A restore test: the newest copy is fetched into a sandbox, restored, asked, measured, and everything is removed."""

from datetime import timedelta

from backups.adapters.endings import gave_up
from backups.adapters.files import FILES, Packed, unpacked
from backups.adapters.local import Folder, opened
from backups.adapters.postgres.cluster import Cluster
from backups.adapters.postgres.restore import restore
from backups.adapters.sandbox import Put, Sandbox
from backups.choices import CopyState, Level, Phase, StepName, StepOutcome
from backups.errors import AssertionsFailed, DigestDiffers, LeftOut, NothingAsserted, RowsUncounted, TarBroken
from backups.models import Copy, Run
from backups.services.asserting import ask
from backups.services.checking import check_manifest
from backups.services.copies import take_newest
from backups.services.engines import DUMP, ROOM, database_bytes, sandbox
from backups.services.work import Ending, Work, place_of
from common.leases import LeaseLost, held


def test_restore(work: Work) -> Ending:
    """Restore the newest copy apart from everything else, and measure how long it took to be sure of its content."""
    with work.journal.step(StepName.SANDBOX, level=Level.RESTORED, phase=Phase.SANDBOX) as step:
        expected = _expected_manifest(work)
        box = work.resources.enter_context(sandbox(work, expected))
        step.tool, step.tool_version, step.tail = box.isolation, box.version, box.description
        if not held(Run, work.run.pk, work.journal.token).update(isolation=box.isolation):
            raise LeaseLost
        box.check_room(int(ROOM * database_bytes(expected)))
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
        for file in copy.manifest["files"]:
            if put[file["name"]].sha256 != file["sha256"]:
                raise DigestDiffers(file=file["name"])
    cluster = _restore_database(box, work, copy, put[DUMP])
    files = _restore_files(box, work) if FILES in put else None
    with journal.step(StepName.ASSERT, level=Level.ASSERTED, phase=Phase.ASSERT) as step:
        step.tool, step.tool_version = "psql", cluster.version
        answers = ask(work, cluster, copy, files)
        journal.asserted(answers.assertions)
        if not answers.assertions:
            raise NothingAsserted
        step.exit_code = 0  # every question was answered, whatever the answers say
        if answers.failed:
            raise AssertionsFailed(failed=answers.failed, all=len(answers.assertions))
        if answers.uncounted:
            step.note(RowsUncounted(count=answers.uncounted), outcome=StepOutcome.WARN)
    took = timedelta(seconds=sum(journal.phases.values()))
    held(Run, work.run.pk, journal.token).update(bytes=database_bytes(copy.manifest) or copy.bytes)
    return Ending.good(journal, recovery_time=took, data_loss=answers.data_loss)


def _restore_database(box: Sandbox, work: Work, copy: Copy, dump: Put) -> Cluster:
    with work.journal.step(StepName.CLUSTER, level=Level.RESTORED, phase=Phase.SANDBOX) as step:
        step.tool = "postgres"
        cluster = work.resources.enter_context(Cluster(box, at_least_major=_major(copy)))
        step.tool_version, step.exit_code = cluster.version, 0  # it was made, started, and answers
    with work.journal.step(StepName.RESTORE, level=Level.RESTORED, phase=Phase.RESTORE) as step:
        restored = restore(cluster, dump, roles=copy.manifest.get("roles", []))
        step.shown_by(restored.finished, version=cluster.version)
        if restored.left_out:
            step.note(LeftOut(count=len(restored.left_out), names=", ".join(restored.left_out)[:500]))
    return cluster


def _restore_files(box: Sandbox, work: Work) -> Packed:
    """Unpacked inside, by a user without rights; then every file is held against the digest in its name."""
    with work.journal.step(StepName.RESTORE_FILES, level=Level.RESTORED, phase=Phase.RESTORE) as step:
        box.make_folder("files")
        argv = [
            "tar",
            "--extract",
            "--no-same-owner",
            f"--file={box.inside(FILES)}",
            f"--directory={box.inside('files')}",
        ]
        finished = box.run(argv)
        step.shown_by(finished)
        if finished.exit_code != 0:
            raise gave_up(finished, "tar") or TarBroken(file=FILES)
        return unpacked(box.folder / "files")


def _fetch(box: Sandbox, copy: Copy, folder: Folder, name: str) -> Put:
    with folder.file(copy.name, name) as stream:
        return box.put(stream, name)


def _expected_manifest(work: Work) -> dict[str, object]:
    """That of the newest copy by now, to know how much room it needs; empty when there is none."""
    kept = work.policy.copies.filter(state=CopyState.KEPT).order_by("-taken_at")
    return kept.values_list("manifest", flat=True).first() or {}


def _major(copy: Copy) -> int | None:
    """The release that was saved: what is measured is measured on the same."""
    major = str(copy.manifest.get("server_version", "")).partition(".")[0]
    return int(major) if major.isdigit() else None
