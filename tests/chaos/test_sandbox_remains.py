"""Nothing of a sandbox remains: not after an error, not after hostile content, not after kill -9 of its owner."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from backups.adapters.errors import NoIsolation, SandboxBusy, SandboxFailed
from backups.adapters.postgres import Cluster
from backups.adapters.sandbox import Limits, Sandbox, janitor
from backups.adapters.sandbox.places import sandboxes
from backups.adapters.sandbox.remains import end_processes
from backups.choices import Isolation
from tests.backups.lab import IS_ROOT, KINDS, MEBIBYTE, SHORT, needs_bwrap, sandbox, without

OWNER = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django; django.setup()
from tests.backups.lab import *
from backups.choices import Isolation
kind = Isolation(sys.argv[1])
size = {"size": 64 * MEBIBYTE} if IS_ROOT else {}
with sandbox("orphan", isolation=kind, **size) as box:
    child = box.start(["sh", "-c", "setsid sleep 300 & touch started; exec sleep 300"])
    while not (box.folder / "started").exists():
        time.sleep(0.01)
    print(box._note.mark, flush=True)
    time.sleep(300)
"""


def left() -> list[str]:
    return [path.name for path in sandboxes().iterdir() if path.is_dir()]


def of_mark(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["status"]):
        try:
            if mark in process.environ().values() and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_an_error_inside_leaves_nothing():
    box = sandbox()
    with pytest.raises(ZeroDivisionError), box:
        _start_and_fail(box)
    assert left() == []
    assert of_mark(box._note.mark) == []


def _start_and_fail(box):
    box.start(["sleep", "300"])
    raise ZeroDivisionError


def test_destroyed_twice_is_destroyed_once():
    with sandbox() as box:
        box.destroy()
        box.destroy()
    assert left() == []


def test_content_made_to_stay_goes_too():
    deep = f"mkdir -p {'d/' * 1500} && cd {'d/' * 1500} && mkdir -p {'d/' * 1500}"  # deeper than any path can say
    odd = r"""mkdir closed && touch closed/file && chmod 000 closed; touch -- '-rf' '$(id)' "$(printf 'a\nb')"; """
    outside = f"ln -s {Path(__file__).parent} link; "
    with sandbox() as box:
        finished = box.run(["sh", "-c", odd + outside + deep])
        assert finished.exit_code == 0, finished.tail
    assert left() == []
    assert Path(__file__).is_file()


@pytest.mark.parametrize("kind", KINDS)
def test_an_owner_that_is_killed_leaves_nothing_after_the_janitor(kind):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, kind.value], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert owner.stdout is not None
    mark = owner.stdout.readline().strip()
    assert left() == ["orphan"]
    assert of_mark(mark)

    assert janitor() == []  # its owner lives
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()

    assert janitor(keep={"orphan"}) == []
    assert janitor() == ["orphan"]
    assert left() == []
    assert of_mark(mark) == []
    assert "holdfast-sandbox" not in Path("/proc/self/mounts").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_is_killed_leaves_no_shared_memory(kind):
    with sandbox(isolation=kind) as box:
        owner = box.account.uid if box.account else os.getuid()
        before = shared_memory(owner)
        cluster = Cluster(box)
        cluster.__enter__()
        assert cluster._child is not None
        assert len(shared_memory(owner) - before) == (kind == Isolation.NONE)
        if IS_ROOT:
            end_processes(box._note)  # as by kill -9 of everything; without a number of its own, it is ended in order
        else:
            cluster.__exit__()
    assert shared_memory(owner) - before == set()


def shared_memory(owner: int) -> set[str]:
    """Segments and files of one user: as root each sandbox has its own, so that others beside it do not count."""
    segments = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    files = [path for folder in ("/dev/shm", "/tmp") for path in Path(folder).iterdir() if not path.is_symlink()]
    return {f"segment {each[1]}" for each in segments if int(each[7]) == owner} | {
        str(path) for path in files if "PostgreSQL" in path.name and path.stat().st_uid == owner
    }


def test_files_in_shared_folders_of_the_host_are_cleared_away():
    """Where no bwrap hides them. A number of its own tells whose they are."""
    if not IS_ROOT:
        return  # nothing tells an ordinary user's files apart
    name = f"left-{os.getpid()}"
    with sandbox(isolation=Isolation.NONE) as box:
        box.run(["sh", "-c", f"mkdir /tmp/{name} && touch /tmp/{name}/file /dev/shm/{name}"])
        assert Path("/dev/shm", name).exists()
    assert not Path("/dev/shm", name).exists()
    assert not Path("/tmp", name).exists()


@needs_bwrap
def test_a_killed_owner_ends_what_ran_inside_without_any_janitor():
    owner = subprocess.Popen([sys.executable, "-c", OWNER, "bwrap"], stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
    assert owner.stdout is not None
    mark = owner.stdout.readline().strip()
    owner.kill()
    owner.wait()
    owner.stdout.close()
    deadline = time.monotonic() + 5
    while of_mark(mark) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert of_mark(mark) == []
    janitor()


def test_the_next_sandbox_of_the_same_name_clears_what_a_dead_one_left():
    place = sandboxes() / "same"
    (place / "work").mkdir(parents=True)
    (place / "lock").touch()
    with sandbox("same") as box:
        assert box.run(["true"]).exit_code == 0


def test_a_name_in_use_is_refused():
    with sandbox("once"), pytest.raises(SandboxBusy, match="once is in use"), sandbox("once"):
        pass
    assert left() == []


@pytest.mark.parametrize("name", ["", "../other", "a/b", "-rf", "a\nb", ".", "x" * 65])
def test_a_name_that_leads_elsewhere_is_refused(name):
    with pytest.raises(SandboxFailed):
        Sandbox(name, SHORT)


def test_two_at_once_have_nothing_in_common():
    with sandbox() as one, sandbox() as other:
        assert one.folder != other.folder
        assert not IS_ROOT or one.account != other.account
        (one.folder / "mine").write_text("secret")
        assert other.run(["cat", str(one.folder / "mine")]).exit_code != 0


@needs_bwrap
def test_without_bwrap_the_next_best_kind_is_used_and_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", without(tmp_path / "bin", "bwrap"))
    with sandbox() as box:
        assert box.isolation == (Isolation.UID if IS_ROOT else Isolation.NONE)
        assert "bwrap not installed" in box.description
        assert box.run(["true"]).exit_code == 0


@needs_bwrap
def test_where_nothing_works_a_restore_is_refused_unless_allowed(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", without(tmp_path / "bin", "bwrap", "unshare"))
    with pytest.raises(NoIsolation, match="Install bubblewrap"), Sandbox("refused", SHORT):
        pass
    assert left() == []
    with sandbox("allowed") as box:
        assert box.isolation == Isolation.NONE
        assert box.run(["id"]).exit_code == 0


def test_a_long_path_still_has_room_for_a_socket(settings, open_folder):
    settings.DATA_DIR = open_folder / ("long-" * 20)
    settings.DATA_DIR.mkdir()
    with sandbox(isolation=Isolation.NONE) as box:
        folder = Path(box.socket_folder())
        assert len(os.fsencode(folder)) < 80
        assert folder.is_dir()
    assert not folder.is_symlink()


def test_limits_are_told_to_the_kernel():
    with sandbox(limits=Limits(disk_bytes=MEBIBYTE, keep_free_bytes=0)) as box:
        said = box.run(["sh", "-c", "ulimit -c; ulimit -n; head -c 2000000 /dev/zero > big"])
        assert said.tail.split()[:2] == ["0", "1024"]
        assert said.exit_code != 0
        assert (box.folder / "big").stat().st_size <= MEBIBYTE
