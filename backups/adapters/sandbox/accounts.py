"""A user of the system for one sandbox: a number that nobody else has, held by a lock for as long as it is used."""

import fcntl
import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from backups.adapters.errors import SandboxBusy
from common.embedded.processes import Account

#: Not given out by Debian, systemd-homed, systemd's dynamic users or the usual /etc/subuid.
NUMBERS = range(60600, 61100)

#: Locks lie in one place for the whole host, so that two installations never share a number.
LOCKS = Path("/run/holdfast-sandboxes")


@dataclass
class BorrowedAccount:
    """The account of one sandbox. It has no name, no home and no rights."""

    account: Account
    lock: IO[str]

    def give_back(self) -> None:
        self.lock.close()


def borrow(locks: Path | None = None) -> BorrowedAccount | None:
    """Take a free number. None for an ordinary user, who has only their own."""
    if os.geteuid() != 0:
        return None
    folder = locks or LOCKS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    taken = {entry.pw_uid for entry in pwd.getpwall()} | numbers_in_use()
    for number in NUMBERS:
        if number in taken:
            continue
        lock = (folder / str(number)).open("a", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        return BorrowedAccount(Account(number, number), lock)
    raise SandboxBusy(name=f"{NUMBERS.start}-{NUMBERS.stop - 1}")


def numbers_in_use() -> set[int]:
    """The numbers that some process runs under now."""
    return {info.info["uids"].real for info in psutil.process_iter(["uids"]) if info.info["uids"]}


def processes_of(number: int) -> list[psutil.Process]:
    """Every process that runs under the number, in whatever session or namespace.

    One that is dead and only waits for its parent to hear of it holds nothing any more, and is not counted.
    """
    return [process for process in psutil.process_iter(["uids", "status"]) if _is_of(process, number)]


def _is_of(process: psutil.Process, number: int) -> bool:
    uids = process.info["uids"]
    is_dead = process.info["status"] == psutil.STATUS_ZOMBIE
    return uids is not None and not is_dead and number in (uids.real, uids.effective, uids.saved)
