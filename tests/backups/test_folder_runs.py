"""A policy that saves a folder: backed up, checked, restored apart, asked, measured; and what can go wrong."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from backups import services
from backups.choices import Outcome
from backups.errors import WrongPolicy
from backups.models import BackupPolicy, Copy, Repository, Run
from catalog.choices import Reason
from catalog.selectors import proof_of_system
from tests.backups.conftest import carried_out, steps
from tests.backups.folders import fill
from tests.catalog.factories import SystemFactory

pytestmark = pytest.mark.django_db

PDF = sha256(b"%PDF-1.7 " + bytes(3000)).hexdigest()


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    return fill(tmp_path / "app")


@pytest.fixture
def make(repository: Repository, app: Path) -> Callable[..., BackupPolicy]:
    def make(**columns: Any) -> BackupPolicy:
        system = SystemFactory(recovery_time_objective=timedelta(hours=4), recovery_point_objective=timedelta(hours=24))
        given = {"name": "Files", "slug": "files", "engine": "folder", "source": {"path": str(app)}, "system": system}
        return services.create_policy(by="system:tests", repository=repository, **given | columns)

    return make


@pytest.fixture
def policy(make: Callable[..., BackupPolicy]) -> BackupPolicy:
    return make()


def folder_of(copy: Copy) -> Path:
    return Path(copy.repository.location) / copy.name


def asked(label: str, path: str, ask: str, compare: str, value: Any) -> dict[str, Any]:
    return {"label": label, "path": path, "ask": ask, "compare": compare, "value": value}


def answers(run: Run) -> dict[str, str]:
    return {asked.label: asked.outcome for asked in run.assertions.all()}


def test_a_folder_is_saved_checked_and_proven(make: Callable[..., BackupPolicy]):
    policy = make(
        assertions=[
            asked("at least an invoice", "*.pdf", "count", ">=", 1),
            asked("the newest is new", "*", "newest", "younger_than", 3600),
            asked("the invoice is the invoice", "invoices/2026/A-1.pdf", "sha256", "=", PDF),
            asked("the note says so", "note.txt", "text", "contains", "open"),
        ]
    )
    backup = carried_out(policy, "backup")
    assert (backup.outcome, backup.reason) == (Outcome.PASS, "")
    assert [name for name, _ in steps(backup)] == ["repository", "connect", "canary", "files", "store", "prune"]
    assert {path.name for path in folder_of(backup.copy).iterdir()} == {"files.tar.zst", "files.list", "manifest.json"}
    check = carried_out(policy, "check")
    assert (check.outcome, check.level, steps(check)[-1]) == (Outcome.PASS, 3, ("archive", "pass"))
    test = carried_out(policy, "restore_test")
    assert (test.outcome, test.reason, test.level) == (Outcome.PASS, "", 5)
    assert set(answers(test).values()) == {"pass"}
    assert len(answers(test)) == 7
    assert test.recovery_time > timedelta(0)
    assert timedelta(0) < test.data_loss < timedelta(minutes=5)
    assert test.bytes == backup.copy.manifest["parts"][0]["content_bytes"]
    assert proof_of_system(policy.system).reason == Reason.CURRENT


NOT_HOLDING = [
    asked("too few", "*.pdf", "count", ">=", 2),
    asked("not between", "*.pdf", "count", "between", [2, 3]),
    asked("too old", "*", "newest", "younger_than", 0.0001),
    asked("no such file", "*.docx", "newest", "younger_than", 3600),
    asked("another file", "A-1.pdf", "sha256", "=", "0" * 64),
    asked("another text", "note.txt", "text", "=", "closed"),
    asked("several files", "*", "text", "contains", ""),
    asked("a way out", "../../../etc/passwd", "text", "contains", ""),
    asked("a link out", "outside", "text", "contains", ""),
]


def test_what_does_not_hold_fails_the_restore_test(make: Callable[..., BackupPolicy]):
    policy = make(assertions=NOT_HOLDING)
    carried_out(policy, "backup")
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.failed_level) == (Outcome.FAIL, 5)
    assert [label for label, outcome in answers(run).items() if outcome == "fail"] == [
        question["label"] for question in NOT_HOLDING
    ]
    assert proof_of_system(policy.system).reason == Reason.FAILED


def test_what_could_not_be_read_is_a_warning_and_the_restore_proves_nothing(
    make: Callable[..., BackupPolicy], app: Path
):
    deep = os.open(app, os.O_RDONLY)
    for _level in range(210):
        os.mkdir("d", dir_fd=deep)
        below = os.open("d", os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = below
    os.close(deep)
    policy = make()
    backup = carried_out(policy, "backup")
    assert backup.outcome == Outcome.WARN
    assert "1 could not be read" in backup.steps.get(name="files").note
    assert "unreadable: d/d/d/" in backup.steps.get(name="files").tail
    run = carried_out(policy, "restore_test")
    assert (run.outcome, answers(run)["Everything in the folder could be saved"]) == (Outcome.FAIL, "fail")


def test_a_source_that_takes_no_canary_is_saved_with_a_warning_and_its_loss_stays_unknown(
    policy: BackupPolicy, app: Path
):
    (app / ".holdfast-canary").mkdir()
    backup = carried_out(policy, "backup")
    assert (backup.outcome, backup.steps.get(name="files").note_code) == (Outcome.WARN, "no_canary_file")
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.data_loss) == (Outcome.PASS, None)
    assert proof_of_system(policy.system).reason == Reason.LOSS_UNKNOWN


def gone(app: Path) -> None:
    shutil.move(app, app.with_name("elsewhere"))


def a_file(app: Path) -> None:
    gone(app)
    app.write_text("")


def a_link_to_the_system(app: Path) -> None:
    gone(app)
    app.symlink_to("/proc")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(gone, "folder_missing"), (a_file, "folder_is_none"), (a_link_to_the_system, "folder_refused")],
)
def test_a_source_that_cannot_be_saved_is_an_error_at_its_step(
    policy: BackupPolicy, app: Path, spoil: Callable[[Path], None], code: str
):
    copy = carried_out(policy, "backup").copy
    spoil(app)
    run = carried_out(policy, "backup")
    assert (run.outcome, run.reason_code, run.failed_step) == (Outcome.ERROR, code, "connect")
    assert run.cause_key == policy.cause_key
    assert folder_of(copy).is_dir()
    assert list(Path(policy.repository.location).glob(".partial/*")) == []


def flip(folder: Path) -> None:
    raw = bytearray((folder / "files.tar.zst").read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / "files.tar.zst").write_bytes(raw)


def cut(folder: Path) -> None:
    os.truncate(folder / "files.tar.zst", 100)


def empty(folder: Path) -> None:
    (folder / "files.tar.zst").write_bytes(b"")


def change_the_list(folder: Path) -> None:
    raw = (folder / "files.list").read_bytes()
    (folder / "files.list").write_bytes(raw.replace(b"note", b"nope"))


def remove_the_list(folder: Path) -> None:
    (folder / "files.list").unlink()


def link_the_list(folder: Path) -> None:
    remove_the_list(folder)
    (folder / "files.list").symlink_to("/etc/passwd")


def rewrite_all(folder: Path) -> None:
    """Archive, list and manifest agree with each other, and with nobody's memory."""
    change_the_list(folder)
    listed = json.loads((folder / "manifest.json").read_text())
    listed["files"][1]["sha256"] = sha256((folder / "files.list").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(listed))


DAMAGE = [
    (empty, 1, "copy_too_small"),
    (cut, 1, "size_changed"),
    (flip, 2, "digest_differs"),
    (change_the_list, 2, "digest_differs"),
    (rewrite_all, 2, "manifest_differs"),
    (remove_the_list, 0, "file_missing"),
    (link_the_list, 0, "copy_file_not_regular"),
]


@pytest.mark.parametrize(("spoil", "level", "code"), DAMAGE)
def test_a_damaged_copy_fails_its_check_at_the_rung_that_does_not_hold(
    policy: BackupPolicy, spoil: Callable[[Path], None], level: int, code: str
):
    spoil(folder_of(carried_out(policy, "backup").copy))
    run = carried_out(policy, "check")
    assert (run.outcome, run.failed_level, run.reason_code) == (Outcome.FAIL, level, code)
    assert run.level == (level - 1 if level else None)


@pytest.mark.parametrize(("spoil", "step"), [(flip, "verify"), (rewrite_all, "verify"), (link_the_list, "fetch")])
def test_a_damaged_copy_fails_its_restore_test(policy: BackupPolicy, spoil: Callable[[Path], None], step: str):
    spoil(folder_of(carried_out(policy, "backup").copy))
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.recovery_time, run.failed_step) == (Outcome.FAIL, None, step)


def test_a_hostile_copy_that_everybody_remembers_as_good_is_still_not_restored(policy: BackupPolicy):
    """Even where our own memory of the digests was changed with it."""
    copy = carried_out(policy, "backup").copy
    folder, manifest = folder_of(copy), copy.manifest
    change_the_list(folder)
    manifest["files"][1]["sha256"] = sha256((folder / "files.list").read_bytes()).hexdigest()
    Copy.objects.filter(pk=copy.pk).update(manifest=manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert carried_out(policy, "check").reason_code == "archive_not_as_listed"
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.reason_code, run.level) == (Outcome.FAIL, "archive_not_as_listed", 2)
    assert steps(run)[-1] == ("destroy", "pass")


def test_a_list_that_claims_more_than_there_is_room_for_ends_before_the_work(policy: BackupPolicy):
    copy = carried_out(policy, "backup").copy
    copy.manifest["parts"][0]["content_bytes"] = 2**50
    Copy.objects.filter(pk=copy.pk).update(manifest=copy.manifest)
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.reason_code) == (Outcome.ERROR, "no_room")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a disk that is really full")
def test_a_full_disk_loses_no_earlier_copy(policy: BackupPolicy, app: Path):
    location = Path(policy.repository.location)
    copy = carried_out(policy, "backup").copy
    kept = location.with_name("kept")
    shutil.copytree(location, kept)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "full", location], check=True)
    try:
        shutil.copytree(kept, location, dirs_exist_ok=True)
        (app / "much").write_bytes(os.urandom(400_000))
        run = carried_out(policy, "backup")
        assert (run.outcome, run.reason_code) == (Outcome.ERROR, "repository_full")
        assert folder_of(copy).is_dir()
    finally:
        subprocess.run(["umount", location], check=True)


def test_the_place_of_the_copies_is_no_source(policy: BackupPolicy, tmp_path: Path):
    for path in (policy.repository.location, str(tmp_path)):
        with pytest.raises(WrongPolicy) as refused:
            services.change_policy(policy_id=policy.pk, by="system:tests", version=None, source={"path": path})
        assert "source" in refused.value.fields
    assert policy.sources.get().settings == {"path": str(tmp_path / "app")}
