"""What goes wrong ends with a sentence that says what to do; nothing stays behind, and no earlier copy is lost."""

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from backups import services
from backups.adapters.local import opened
from backups.adapters.place import Place
from backups.choices import Outcome, RunState
from backups.errors import RepositoryFull, RepositoryNotWritable, RunError
from backups.models import BackupPolicy, Copy, Repository, Run
from tests.backups.conftest import ODD_NAME, carried_out, source, steps

pytestmark = pytest.mark.django_db(transaction=True)


def folder_of(copy: Copy) -> Path:
    return Path(copy.repository.location) / copy.name


@pytest.fixture
def copy(policy: BackupPolicy) -> Copy:
    return carried_out(policy, "backup").copy


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    """After each test: no run open, no sandbox, no half copy."""
    yield
    assert not Run.objects.exclude(state=RunState.ENDED).exists()
    sandboxes = Path(settings.DATA_DIR) / "sandbox"
    assert [path.name for path in sandboxes.glob("*") if path.is_dir()] == []
    for repository in Repository.objects.all():
        assert list(Path(repository.location).glob(".partial/*")) == []


# Sources


def wrong_password(policy: BackupPolicy) -> None:
    services.set_source_secret(policy_id=policy.pk, by="system:tests", password="not it")


def without_server(policy: BackupPolicy) -> None:
    set_source(policy, host="127.0.0.1", port=1)


def without_database(policy: BackupPolicy) -> None:
    set_source(policy, database="nowhere")


def set_source(policy: BackupPolicy, **changes: object) -> None:
    changed = {**policy.sources.get().settings, **changes}
    services.change_policy(policy_id=policy.pk, by="system:tests", version=None, source=changed)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (wrong_password, "wrong_credential"),
        (without_server, "source_unreachable"),
        (without_database, "unknown_database"),
    ],
)
def test_a_source_that_cannot_be_saved_is_an_error_at_its_step(
    policy: BackupPolicy, copy: Copy, spoil: Callable[[BackupPolicy], None], code: str
):
    spoil(policy)
    run = carried_out(policy, "backup")
    assert (run.outcome, run.reason_code, run.failed_step) == (Outcome.ERROR, code, "connect")
    assert steps(run)[-1] == ("connect", "error")
    assert (folder_of(copy) / "database.dump").exists()
    assert settings.DATABASES["default"]["PASSWORD"] not in json.dumps(list(run.steps.values("tail", "command")))


def test_a_name_is_never_code(make_policy: Callable[..., BackupPolicy], make_database: Callable[[str], str]):
    policy = make_policy("odd", database=make_database(ODD_NAME))
    assert carried_out(policy, "backup").reason == ""
    assert carried_out(policy, "check").reason == ""
    assert carried_out(policy, "restore_test").outcome == Outcome.PASS


# Repositories


def vanish(location: Path) -> None:
    shutil.move(location, location.with_name("elsewhere"))


def unmount(location: Path) -> None:
    vanish(location)
    location.mkdir()


def become_a_file(location: Path) -> None:
    vanish(location)
    location.write_text("")


def become_anothers(location: Path) -> None:
    (location / ".holdfast-repository").write_text("somebody else\n")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (vanish, "repository_unreachable"),
        (unmount, "repository_gone"),
        (become_a_file, "repository_no_folder"),
        (become_anothers, "repository_foreign"),
    ],
)
@pytest.mark.parametrize("kind", ["backup", "check", "restore_test"])
def test_a_repository_that_is_not_there_is_its_own_cause(
    policy: BackupPolicy, copy: Copy, spoil: Callable[[Path], None], code: str, kind: str
):
    location = Path(policy.repository.location)
    spoil(location)
    run = carried_out(policy, kind)
    assert (run.outcome, run.reason_code) == (Outcome.ERROR, code)
    assert run.cause_key == f"backups.repository:{policy.repository_id}"
    if spoil is unmount:
        assert list(location.iterdir()) == []


@pytest.mark.parametrize("place", ["/proc", "/sys/kernel"])
def test_a_folder_that_cannot_be_written_to_is_not_said_to_be_away(place: str):
    with pytest.raises(RepositoryNotWritable) as refused, opened(Place("a", "Vault", place), is_new=True):
        pass
    assert "cannot be written to" in refused.value.message
    assert "not there" not in refused.value.message


def test_a_full_disk_loses_no_earlier_copy(policy: BackupPolicy, copy: Copy, tmp_path: Path):
    if os.geteuid() != 0:  # only root can make a disk that is really full
        with pytest.raises(RepositoryFull):
            Place("1", "Vault", "/vault").refuse(OSError(errno.ENOSPC, "full"))
        return
    location = Path(policy.repository.location)
    aside = tmp_path / "aside"
    shutil.move(location, aside)
    location.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "full", location], check=True)
    try:
        shutil.copytree(aside, location, dirs_exist_ok=True)
        (location / "ballast").write_bytes(b"0" * 4096)
        run = carried_out(policy, "backup")
        assert (run.outcome, run.reason_code) == (Outcome.ERROR, "repository_full")
        assert "earlier copies are untouched" in run.reason
        assert folder_of(copy).is_dir()
    finally:
        subprocess.run(["umount", location], check=True)
        shutil.rmtree(location)
        shutil.move(aside, location)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, "repository_not_allowed"),
        (errno.EROFS, "repository_not_allowed"),
        (errno.ENOSPC, "repository_full"),
        (errno.EDQUOT, "repository_full"),
        (errno.EIO, "repository_broken"),
        (errno.ESTALE, "repository_broken"),
    ],
)
def test_what_the_system_refuses_is_told_as_a_sentence(number: int, code: str):
    with pytest.raises(RunError) as refused:
        Place("1", "Vault", "/vault").refuse(OSError(number, os.strerror(number)))
    assert refused.value.code == code
    assert "%" not in refused.value.message


# Copies


def flip(folder: Path) -> None:
    with (folder / "database.dump").open("r+b") as file:
        file.seek(5000)
        byte = file.read(1)
        file.seek(5000)
        file.write(bytes([byte[0] ^ 1]))


def flip_and_rewrite_the_list(folder: Path) -> None:
    flip(folder)
    listed = json.loads((folder / "manifest.json").read_text())
    listed["files"][0]["sha256"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(listed))


def empty(folder: Path) -> None:
    (folder / "database.dump").write_bytes(b"")


def cut(folder: Path) -> None:
    os.truncate(folder / "database.dump", (folder / "database.dump").stat().st_size * 6 // 10)


def remove_the_dump(folder: Path) -> None:
    (folder / "database.dump").unlink()


def remove_it(folder: Path) -> None:
    shutil.rmtree(folder)


def link_the_dump(folder: Path) -> None:
    (folder / "database.dump").unlink()
    (folder / "database.dump").symlink_to("/etc/passwd")


def link_it(folder: Path) -> None:
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.symlink_to(aside)


def pipe(folder: Path) -> None:
    (folder / "database.dump").unlink()
    os.mkfifo(folder / "database.dump")


def nest(folder: Path) -> None:
    (folder / "database.dump").unlink()
    (folder / "database.dump").mkdir()


DAMAGE = [
    (empty, 1, "copy_too_small"),
    (cut, 1, "size_changed"),
    (flip, 2, "digest_differs"),
    (flip_and_rewrite_the_list, 2, "manifest_differs"),
    (remove_the_dump, 0, "file_missing"),
    (remove_it, 0, "copy_missing"),
    (link_the_dump, 0, "copy_file_not_regular"),
    (link_it, 0, "copy_file_not_regular"),
    (pipe, 0, "copy_file_not_regular"),
    (nest, 0, "copy_file_not_regular"),
]


@pytest.mark.parametrize(("spoil", "level", "code"), DAMAGE)
def test_a_damaged_copy_fails_its_check_at_the_rung_that_does_not_hold(
    policy: BackupPolicy, copy: Copy, spoil: Callable[[Path], None], level: int, code: str
):
    spoil(folder_of(copy))
    run = carried_out(policy, "check")
    assert (run.outcome, run.failed_level, run.reason_code) == (Outcome.FAIL, level, code)
    assert run.level == (level - 1 if level else None)
    assert run.cause_key == policy.cause_key
    assert "%" not in run.reason


@pytest.mark.parametrize(("spoil", "level", "_code"), DAMAGE)
def test_a_damaged_copy_fails_its_restore_test(
    policy: BackupPolicy, copy: Copy, spoil: Callable[[Path], None], level: int, _code: str
):
    spoil(folder_of(copy))
    run = carried_out(policy, "restore_test")
    assert run.outcome == Outcome.FAIL
    assert run.failed_step in {"fetch", "verify"}
    assert steps(run)[-1] == ("destroy", "pass")
    assert run.recovery_time is None


@pytest.mark.parametrize(("kind", "step"), [("check", "present"), ("restore_test", "fetch")])
def test_nothing_saved_yet_is_a_failure_and_no_pass(policy: BackupPolicy, kind: str, step: str):
    run = carried_out(policy, kind)
    assert (run.outcome, run.reason_code, run.failed_step) == (Outcome.FAIL, "no_copy", step)


def test_a_hostile_policy_name_in_the_repository_is_no_way_out(policy: BackupPolicy, copy: Copy):
    Copy.objects.filter(pk=copy.pk).update(name="../../etc")
    assert carried_out(policy, "check").reason_code == "copy_missing"


def test_a_password_that_cannot_be_unsealed_is_told(policy: BackupPolicy):
    policy.sources.update(secret="deadbeef:nothing")
    run = carried_out(policy, "backup")
    assert (run.outcome, run.reason_code) == (Outcome.ERROR, "key_missing")
    assert "deadbeef" in run.reason


def test_the_own_password_is_in_no_row(policy: BackupPolicy, copy: Copy):
    assert source(policy.sources.get().settings["database"]) == policy.sources.get().settings
    assert settings.DATABASES["default"]["PASSWORD"] not in policy.sources.get().secret
