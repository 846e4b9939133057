"""What a command inside a sandbox cannot do. Each attack is shown to work without the walls first."""

import os
import socket
import subprocess
import threading
from contextlib import closing
from datetime import timedelta

import psutil
import pytest

from backups.adapters import processes
from backups.adapters.errors import DiskFull, DiskLimit, MemoryLimit, Stopped, TimeIsUp
from backups.adapters.sandbox import Limits
from backups.adapters.sandbox.accounts import NUMBERS
from backups.adapters.sandbox.remains import MARK
from backups.choices import Isolation
from tests.backups.lab import IS_ROOT, KINDS, MEBIBYTE, needs_bwrap, sandbox

APART = [kind for kind in KINDS if kind != Isolation.NONE]

each_kind = pytest.mark.parametrize("kind", KINDS)
each_kind_apart = pytest.mark.parametrize("kind", APART)

READ_SHADOW = ["cat", "/etc/shadow"]


@needs_bwrap
def test_this_host_can_build_the_best_kind():
    with sandbox() as box:
        assert box.isolation == Isolation.BWRAP
        assert box.description.startswith("bwrap ")


@each_kind
def test_a_command_runs_as_a_user_without_a_name_and_without_rights(kind):
    with sandbox(isolation=kind) as box:
        said = box.run(["sh", "-c", "id -u; id -G; grep -E 'CapEff|NoNewPrivs' /proc/self/status"]).tail.split()
    expected = str(box.account.uid) if IS_ROOT else str(os.getuid())
    assert said[0] == expected
    assert not IS_ROOT or int(said[0]) in NUMBERS
    assert "0" not in said[1 : said.index("CapEff:")]
    assert said[said.index("CapEff:") + 1] == "0" * 16
    assert said[said.index("NoNewPrivs:") + 1] == "1"


@each_kind
def test_the_passwords_of_the_host_cannot_be_read(kind):
    with sandbox(isolation=kind) as box:
        assert box.run(READ_SHADOW).exit_code != 0


@needs_bwrap
def test_bwrap_alone_would_not_keep_root_from_reading_them():
    """Why the rights are dropped before bwrap, not by it."""
    alone = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--", *READ_SHADOW]
    assert (subprocess.run(alone, capture_output=True, check=False).returncode == 0) is IS_ROOT


@each_kind_apart
def test_there_is_no_way_to_the_network_not_even_to_this_host(kind):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        attempt = ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{server.getsockname()[1]}"]
        assert subprocess.run(attempt, check=False).returncode == 0
        with sandbox(isolation=kind) as box:
            assert box.run(attempt).exit_code != 0


@needs_bwrap
def test_files_of_the_host_are_not_there(open_folder):
    secret = open_folder / "secret"
    secret.write_text("known to everyone on the host")
    with sandbox(isolation=Isolation.NONE) as box:
        assert box.run(["cat", secret]).exit_code == 0
    with sandbox(isolation=Isolation.BWRAP) as box:
        assert box.run(["cat", secret]).exit_code != 0
        top = set(box.run(["ls", "/"]).tail.split())
    assert top <= {"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "sbin", "tmp", "usr", "w"}


@needs_bwrap
def test_processes_of_the_host_are_not_there():
    with sandbox(isolation=Isolation.BWRAP) as box:
        assert box.run(["sh", "-c", f"kill -0 {os.getpid()}"]).exit_code != 0


@needs_bwrap
def test_a_command_cannot_write_where_programs_are():
    with sandbox(isolation=Isolation.BWRAP) as box:
        assert box.run(["touch", "/usr/bin/mine"]).exit_code != 0


@each_kind
def test_a_fork_bomb_ends_at_the_bound(kind):
    bomb = "n=0; while [ $n -lt 500 ]; do sleep 20 & n=$((n+1)); done; echo all of them; kill 0"
    assert "all of them" in processes.run(["sh", "-c", bomb], env=processes.plain_environment(), timeout=20).tail
    small = Limits(wall_clock=timedelta(seconds=30), keep_free_bytes=0, processes=50 if IS_ROOT else 400)
    with sandbox(isolation=kind, limits=small) as box:
        finished = box.run(["sh", "-c", bomb])
    assert "all of them" not in finished.tail
    assert "fork" in finished.tail.lower()


@each_kind
def test_endless_work_ends_with_the_wall_clock(kind):
    with (
        sandbox(isolation=kind, limits=Limits(wall_clock=timedelta(seconds=1), keep_free_bytes=0)) as box,
        pytest.raises(TimeIsUp),
    ):
        box.run(["sh", "-c", "trap '' TERM; while :; do :; done"])


def test_memory_is_bounded():
    hungry = ["sh", "-c", "x=$(head -c 60000000 /dev/zero | tr '\\0' x); echo ${#x}"]
    small = Limits(wall_clock=timedelta(seconds=30), keep_free_bytes=0, memory_bytes=50 * MEBIBYTE)
    with sandbox() as box:
        assert "60000000" in box.run(hungry).tail
    with sandbox(limits=small) as box:
        assert "60000000" not in box.run(hungry).tail


@each_kind
def test_many_files_cannot_fill_the_disk(kind):
    """A bound on the size of one file is none on many."""
    flood = "n=0; while :; do head -c 3000000 /dev/zero > f$n || exit; n=$((n+1)); done"
    small = Limits(wall_clock=timedelta(seconds=30), keep_free_bytes=0, disk_bytes=20 * MEBIBYTE)
    with sandbox(isolation=kind, limits=small) as box, pytest.raises(DiskLimit, match=r"grew beyond 20.0.MB"):
        box.run(["sh", "-c", f"cd {box.inside('')}; {flood}"])


@pytest.mark.parametrize(
    ("needs", "refusal"), [({"keep_free_bytes": 1 << 60}, DiskFull), ({"keep_free_memory_bytes": 1 << 60}, MemoryLimit)]
)
def test_the_host_keeps_free_what_it_needs(needs, refusal):
    greedy = Limits(wall_clock=timedelta(seconds=30), **{"keep_free_bytes": 0, **needs})
    with sandbox(limits=greedy) as box, pytest.raises(refusal):
        box.run(["sleep", "20"])


@each_kind
def test_work_ends_on_demand_from_another_thread(kind):
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with sandbox(isolation=kind, stop=stop) as box, pytest.raises(Stopped):
        box.run(["sleep", "30"])


@each_kind
def test_a_process_that_leaves_its_session_ends_with_the_sandbox(kind):
    with sandbox(isolation=kind) as box:
        box.start(["sh", "-c", "setsid sh -c 'setsid sleep 300 & sleep 300' & echo $$ > started; sleep 300"])
        mark = box._note.mark
        while not (box.folder / "started").exists() and not _marked(mark):
            box.check()
    assert not _marked(mark)


def _marked(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark:
                found.append(process)
        except psutil.Error:
            continue
    return found
