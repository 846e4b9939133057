"""Starting and ending processes of our own, with fewer rights where we have too many."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from common.embedded.errors import ServerError

#: Linux: the numbers of prctl's "send me this signal when my parent dies" and "orphans become my children".
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The account of the system that a server runs as."""

    uid: int
    gid: int


def servers_account(folder: Path) -> Account | None:
    """Who runs the server that keeps its data in `folder`; None when that is simply us.

    PostgreSQL refuses to run as root. Who owns an existing folder goes on owning it: an account
    `postgres` that a later package brings must not lock the server out of its own data.
    """
    if os.geteuid() != 0:
        return None
    if folder.is_dir() and folder.stat().st_uid != 0:
        owner = folder.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServerError(
        "PostgreSQL does not run as root, and this system has neither an account `postgres` nor `nobody`: "
        "start Holdfast as an ordinary user, or give DATABASE_URL and REDIS_URL."
    )


def spawn(
    arguments: Sequence[str | Path],
    *,
    account: Account | None = None,
    output: IO[bytes] | int = subprocess.DEVNULL,
    environment: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    dies_with_us: signal.Signals | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own, so that Ctrl-C in the terminal reaches only us.

    dies_with_us: the signal that the kernel sends to the child when we are killed (Linux).
    """
    return subprocess.Popen(
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=dict(environment) if environment is not None else None,
        start_new_session=True,
        preexec_fn=_tied_to_us(dies_with_us),  # noqa: PLW1509 - runs one system call, after the rights are dropped
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def run_as(
    account: Account | None, arguments: Sequence[str | Path], *, seconds: float = 120
) -> "subprocess.CompletedProcess[bytes]":
    """Run a short command of a server to its end and keep what it says."""
    return subprocess.run(
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=server_environment(),
        timeout=seconds,
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def server_environment() -> dict[str, str]:
    """What a server sees of our environment: no secrets, no PG… variables, a plain locale."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}


def own_folder(folder: Path, account: Account | None) -> Path:
    """Make the folder that only the server (and root) can enter."""
    folder.mkdir(parents=True, exist_ok=True)
    if account is not None and folder.stat().st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def born(pid: int) -> float | None:
    """When the process was started, or None when there is none: a number alone may have been given again."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None


def wait_until_gone(running: Callable[[], object], seconds: float) -> bool:
    """Wait for the end of a process that somebody else may have to bury. False when it did not come."""
    deadline = time.monotonic() + seconds
    while running() is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def end_tree(pid: int) -> None:
    """Kill a process and all that descends from it, at once."""
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.Error:
        return
    for process in family:
        try:
            process.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(family, timeout=5)


def adopt_orphans() -> None:
    """From now on what our children leave behind becomes our child, so that we can end it (Linux)."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap_orphans(known: Sequence[int]) -> None:
    """Bury adopted children that ended. known: those whose end somebody else asks for."""
    if _libc is None:
        return
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in known:
            return
        os.waitpid(ended.si_pid, 0)


def end_descendants() -> None:
    """Kill everything that descends from us."""
    family = psutil.Process().children(recursive=True)
    for process in family:
        try:
            process.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(family, timeout=5)


def _tied_to_us(number: signal.Signals | None) -> Callable[[], None] | None:
    libc = _libc
    if number is None or libc is None:
        return None

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)

    return tie
