"""What stands between a command and the host: the prefix of its argument list, for each kind of isolation.

As root the rights are dropped first: bwrap started as root stays root outside, and read /etc/shadow when tried.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from backups.adapters.sandbox.limits import Limits
from backups.choices import Isolation
from common.embedded.processes import Account

#: The work folder as the inside sees it: short, because the path of a unix socket holds 107 bytes.
WORK = Path("/w")

USERS = "root:x:0:0::/nonexistent:/usr/sbin/nologin\nsandbox:x:{uid}:{gid}::/w:/usr/sbin/nologin\n"
GROUPS = "root:x:0:\nsandbox:x:{gid}:\n"

#: What a merged /usr leaves at the top, as links; where one is a folder of its own, it is shown as it is.
TOP = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")


@dataclass(frozen=True)
class Walls:
    """How commands of one sandbox are shut in. `made` holds the files shown as /etc/passwd and /etc/group."""

    isolation: Isolation
    account: Account | None
    work: Path
    made: Path
    limits: Limits

    def inside(self, name: str) -> str:
        """The path of a file of the work folder, as the command sees it."""
        return str((WORK if self.isolation == Isolation.BWRAP else self.work) / name)

    def prefix(self, roots: Iterable[Path] = ()) -> list[str]:
        """What to put before the command. roots: further folders of the host that it may read."""
        if self.isolation == Isolation.BWRAP:
            return [*self._dropped(), *self._bwrap(roots), *self.limits.prefix()]
        if self.isolation == Isolation.UID:
            apart = [_program("unshare"), "--net", "--pid", "--ipc", "--fork", "--kill-child", "--"]
            return [*apart, *self._dropped(), *self.limits.prefix()]
        return [*self._dropped(), *self.limits.prefix()]

    def _dropped(self) -> list[str]:
        if self.account is None:
            # bwrap forbids new rights by itself, and where it is a setuid program it would not start at all.
            return [] if self.isolation == Isolation.BWRAP else [_program("setpriv"), "--no-new-privs", "--"]
        return as_account(self.account)

    def _bwrap(self, roots: Iterable[Path]) -> list[str]:
        size = str(self.limits.temporary_bytes)
        flags = ["--unshare-all", "--unshare-user", "--die-with-parent", "--cap-drop", "ALL", "--hostname", "sandbox"]
        flags += ["--ro-bind", "/usr", "/usr", *_top()]
        flags += ["--proc", "/proc", "--dev", "/dev", "--size", size, "--tmpfs", "/dev/shm"]  # noqa: S108 - the inside's own
        flags += ["--size", size, "--tmpfs", "/tmp"]  # noqa: S108 - the inside's own
        for name in ("passwd", "group"):
            flags += ["--ro-bind", str(self.made / name), f"/etc/{name}"]
        for root in roots:
            flags += ["--ro-bind", str(root), str(root)]
        return [_program("bwrap"), *flags, "--bind", str(self.work), str(WORK), "--chdir", str(WORK), "--"]


def as_account(account: Account) -> list[str]:
    """The command that gives up every right of ours for those of an account."""
    rights = [f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups", "--inh-caps=-all"]
    return [_program("setpriv"), *rights, "--no-new-privs", "--"]


def make_work(place: Path, account: Account | None) -> Path:
    """Make the work folder, and the two files that name the one user of the inside (initdb wants a name)."""
    uid, gid = (account.uid, account.gid) if account else (os.geteuid(), os.getegid())
    for name, text in (("passwd", USERS), ("group", GROUPS)):
        path = place / name
        path.write_text(text.format(uid=uid, gid=gid), encoding="ascii")
        path.chmod(0o644)
    work = place / "work"
    work.mkdir(mode=0o700)
    if account is not None:
        os.chown(work, account.uid, account.gid)
    return work


def missing_programs(isolation: Isolation) -> list[str]:
    """What this kind of isolation needs and this host does not have."""
    needed = {
        Isolation.BWRAP: ("setpriv", "bwrap", "prlimit"),
        Isolation.UID: ("unshare", "setpriv", "prlimit"),
        Isolation.NONE: ("setpriv", "prlimit"),
    }[isolation]
    return [name for name in needed if shutil.which(name) is None]


def _program(name: str) -> str:
    return shutil.which(name) or name


def _top() -> list[str]:
    flags: list[str] = []
    for name in TOP:
        path = Path("/") / name
        if path.is_symlink():
            flags += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            flags += ["--ro-bind", str(path), str(path)]
    return flags
