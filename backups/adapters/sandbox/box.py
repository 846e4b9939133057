"""One sandbox: a folder, a user, walls around every command, and nothing left of it afterwards."""

import errno
import logging
import os
import re
import secrets
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO, BinaryIO, Self

from backups.adapters import processes
from backups.adapters.errors import DiskFull, NoIsolation, NoRoom, SandboxFailed, Stopped, TimeIsUp
from backups.adapters.processes import Child, Feed, Finished
from backups.adapters.sandbox.accounts import BorrowedAccount, borrow
from backups.adapters.sandbox.bring import Put, bring
from backups.adapters.sandbox.guard import Guard, free_bytes, used_bytes
from backups.adapters.sandbox.janitor import clear_if_left
from backups.adapters.sandbox.limits import Limits
from backups.adapters.sandbox.places import make, sandboxes
from backups.adapters.sandbox.probe import Shelter, shelter_below
from backups.adapters.sandbox.remains import MARK, Note, clear, end_processes
from backups.adapters.sandbox.volume import mount_own
from backups.adapters.sandbox.walls import Walls, make_work
from backups.choices import Isolation
from common.embedded.processes import Account

log = logging.getLogger(__name__)

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

#: The longest path of a folder in which a unix socket `.s.PGSQL.5432` still has a path that fits.
LONGEST_SOCKET_FOLDER = 85

#: The part of its bound from which on a sandbox counts as full: files grow in steps of some megabytes.
NEARLY = 0.9


class Sandbox:
    """Use it as `with Sandbox(name, limits) as box`: made on entry, and gone on exit whatever happens.

    stop: set from another thread, it ends what runs inside.  accept_none: go on where this host can isolate nothing.
    isolation: ask for one kind instead of the best.  size: bytes of a volume of its own (root only), for a disk
    that is really full.
    """

    def __init__(
        self,
        name: str,
        limits: Limits,
        *,
        stop: threading.Event | None = None,
        accept_none: bool = False,
        isolation: Isolation | None = None,
        size: int | None = None,
    ) -> None:
        if not NAME.fullmatch(name):
            raise SandboxFailed
        self.name, self.limits, self.stop = name, limits, stop or threading.Event()
        self._accept_none, self._wanted, self._size = accept_none, isolation, size
        self._note = Note(None, secrets.token_hex(16))
        self._children: list[Child] = []
        self._numbers = count()
        self._borrowed: BorrowedAccount | None = None
        self._lock: IO[str] | None = None
        self._guard: Guard | None = None
        self._deadline = time.monotonic() + limits.wall_clock.total_seconds()

    def __enter__(self) -> Self:
        base = sandboxes()
        self._shelter = self._chosen(base)
        clear_if_left(base / self.name)
        self._place, self._lock = make(base, self.name)
        try:
            self._furnish()
        except BaseException:
            self.destroy()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.destroy()

    @property
    def isolation(self) -> Isolation:
        """What shuts it in; the evidence says which."""
        return self._shelter.isolation

    @property
    def description(self) -> str:
        """What it is made of, and why it is no better kind."""
        return " · ".join(part for part in (self._shelter.made_of, self._shelter.instead_of) if part)

    @property
    def version(self) -> str:
        """That of the program it is made of."""
        return self._shelter.made_of.partition(" ")[2]

    @property
    def account(self) -> Account | None:
        """Who its commands run as; None when that is us."""
        return self._borrowed.account if self._borrowed else None

    @property
    def folder(self) -> Path:
        """Its folder, as the host sees it."""
        return self._walls.work

    def inside(self, name: str) -> str:
        """The path of something in its folder, as its commands see it."""
        return self._walls.inside(name)

    def socket_folder(self) -> str:
        """A new folder for unix sockets, whose paths hold 107 bytes, as its commands see it."""
        name = f"s{next(self._numbers)}"
        folder = self.make_folder(name)
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        link = Path(tempfile.gettempdir()) / f"holdfast-{self._note.mark[:16]}"
        if not self._note.link:
            self._note = Note(self._note.uid, self._note.mark, str(link))
            self._note.write(self._place)
            link.symlink_to(self.folder)
        return str(link / name)

    def make_folder(self, name: str) -> str:
        """Make a folder of its own in it; the path is the inside's."""
        path = self.folder / name
        path.mkdir(mode=0o700)
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)
        return self.inside(name)

    def put(self, source: Path | BinaryIO, name: str) -> Put:
        """Bring a file in, hashing it on the way. A path must be an ordinary file; links are not followed.

        Raises NotARegularFile, FileGone, DiskFull, TimeIsUp, Stopped.
        """
        try:
            return bring(source, self.folder, name, account=self.account, look=self.check)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise DiskFull from error
            raise SandboxFailed from error

    def check_room(self, needed_bytes: int) -> None:
        """Refuse before the work what the disk cannot hold. Raises NoRoom."""
        free = max(0, free_bytes(self.folder) - self.limits.keep_free_bytes)
        if needed_bytes > free:
            raise NoRoom(needed_bytes=needed_bytes, free_bytes=free)

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        timeout: float | None = None,
        stdin: bytes | BinaryIO | Feed | None = None,
        keep_output: int = 0,
        secrets: Iterable[str] = (),
        roots: Iterable[Path] = (),
    ) -> Finished:
        """Run a command inside to its end. roots: folders of the host that it may read.

        timeout: less than what is left of the wall clock. Raises what `processes.run` raises,
        and DiskLimit, DiskFull or MemoryLimit.
        """
        self.check()
        child = self._child(argv, env=env, stdin=stdin, keep_output=keep_output, secrets=secrets, roots=roots)
        try:
            finished = processes.attend(
                child, timeout=min(timeout or self.left(), self.left()), stop=self.stop, keep_output=keep_output
            )
        finally:
            self._end(child)
        self._check_guard(finished)
        return finished

    def start(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        roots: Iterable[Path] = (),
        secrets: Iterable[str] = (),
    ) -> Child:
        """Start a command that goes on running, such as a server. It ends with the sandbox at the latest."""
        self.check()
        return self._child(argv, env=env, roots=roots, secrets=secrets)

    def left(self) -> float:
        """Seconds left of the wall clock."""
        return self._deadline - time.monotonic()

    def is_full(self) -> bool:
        """Whether what lies in it comes near its bound, so that a file may have met its own bound first.

        A program that writes beyond the limit on a file is ended by the kernel, or says “File too large”.
        """
        bound = self.limits.disk_bytes
        return bound > 0 and used_bytes(self.folder, most=bound, most_entries=self.limits.entries) > bound * NEARLY

    def check(self) -> None:
        """Raises Stopped, TimeIsUp, DiskLimit, DiskFull or MemoryLimit when the work has to end."""
        if self.stop.is_set():
            raise Stopped
        if self.left() <= 0:
            raise TimeIsUp
        self._check_guard(None)

    def destroy(self) -> None:
        """End all that runs in it and remove it. Twice is once. What will not go is left to the janitor."""
        if self._lock is None:
            return
        if self._guard is not None:
            self._guard.stop()
        while self._children:
            self._end(self._children[-1], grace=0.0)
        if not clear(self._place, self._note):
            log.error("sandbox %s could not be removed whole", self.name)
        if self._borrowed is not None:
            self._borrowed.give_back()
        self._lock.close()
        self._lock = None

    def _chosen(self, base: Path) -> Shelter:
        shelter = Shelter(self._wanted, "") if self._wanted else shelter_below(base)
        if shelter.isolation == Isolation.NONE and not self._accept_none:
            raise NoIsolation
        return shelter

    def _furnish(self) -> None:
        self._borrowed = borrow()
        account = self._borrowed.account if self._borrowed else None
        self._note = Note(account.uid if account else None, self._note.mark)
        self._note.write(self._place)
        work = make_work(self._place, account)
        if self._size is not None:
            mount_own(work, self._size, account)
        self._walls = Walls(self.isolation, account, work, self._place, self.limits)
        self._guard = Guard(work, self.limits, self._end_all)
        self._guard.start()

    def _child(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None,
        stdin: bytes | BinaryIO | Feed | None = None,
        keep_output: int = 0,
        secrets: Iterable[str] = (),
        roots: Iterable[Path] = (),
    ) -> Child:
        around = {"HOME": self.inside(""), MARK: self._note.mark, **(env or {})}
        child = Child(
            [*self._walls.prefix(roots), *argv],
            env=processes.plain_environment(**around),
            stdin=stdin,
            keep_output=keep_output,
            cwd=self.folder if self.isolation != Isolation.BWRAP else "/",
            secrets=[*secrets, self._note.mark],
            shown=argv,
        )
        self._children.append(child)
        return child

    def _end(self, child: Child, *, grace: float = processes.GRACE_SECONDS) -> None:
        child.end(grace=grace)
        with suppress(ValueError):
            self._children.remove(child)

    def _end_all(self) -> None:
        """From the guard's thread: only kill; whoever waits for the child sees its end and asks why."""
        for child in tuple(self._children):
            child.kill()
        end_processes(self._note)

    def _check_guard(self, finished: Finished | None) -> None:
        verdict = self._guard.verdict() if self._guard is not None else None
        if verdict is not None:
            raise verdict.shown_by(finished)
