"""Making an empty cluster in a sandbox. Nothing of a dump is there yet."""

import io
import os
import shutil
from pathlib import Path

from backups.adapters import processes, tools
from backups.adapters.errors import SandboxFailed
from backups.adapters.processes import Finished
from backups.adapters.sandbox import Sandbox, as_account
from backups.choices import Isolation
from common.embedded.processes import Account, servers_account

#: The first major with the locale provider that needs no files of the host, and the first that makes check sums
#: unless told not to; here nothing is kept that they could protect.
BUILTIN_LOCALE = 17
CHECKSUMS_UNLESS_REFUSED = 18


def initialise(box: Sandbox, name: str, server: tools.Tool, superuser: str, password: str) -> Finished:
    """Make the cluster in the sandbox's folder of that name. Raises SandboxFailed, DiskFull, TimeIsUp, Stopped."""
    if box.isolation == Isolation.BWRAP or box.account is None:
        finished = _inside(box, name, server, superuser, password)
    else:
        finished = _beside(box, name, box.account, server, superuser, password)
    if finished.exit_code != 0:
        raise SandboxFailed().shown_by(finished)
    return finished


def _inside(box: Sandbox, name: str, server: tools.Tool, superuser: str, password: str) -> Finished:
    box.put(io.BytesIO(password.encode()), "password")
    argv = _command(server, box.inside(name), box.inside("password"), superuser)
    finished = box.run(argv, roots=server.roots)
    (box.folder / "password").unlink(missing_ok=True)
    return finished


def _beside(box: Sandbox, name: str, owner: Account, server: tools.Tool, superuser: str, password: str) -> Finished:
    """Where the inside sees the host's /etc/passwd: initdb wants a user with a name, and the sandbox's has none.

    It runs as the account of our own servers, on nothing but our own words, and hands over what it made.
    """
    place = box.folder.parent / "cluster"
    named = servers_account(place) or owner
    place.mkdir(mode=0o700)
    (place / "password").touch(mode=0o600)
    (place / "password").write_text(password, encoding="ascii")
    _give(place, named)
    argv = _command(server, str(place / "data"), str(place / "password"), superuser)
    finished = processes.run(
        [*as_account(named), *argv], env=processes.plain_environment(), timeout=box.left(), stop=box.stop
    )
    if finished.exit_code == 0:
        shutil.move(place / "data", box.folder / name)
        _give(box.folder / name, owner)
    shutil.rmtree(place)
    return finished


def _command(server: tools.Tool, data: str, password: str, superuser: str) -> list[str | Path]:
    locale = ["--locale=C.UTF-8"]
    if server.major >= BUILTIN_LOCALE:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    sums = ["--no-data-checksums"] if server.major >= CHECKSUMS_UNLESS_REFUSED else []
    flags = [f"--username={superuser}", "--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8"]
    return [server.beside("initdb"), f"--pgdata={data}", *flags, *locale, *sums, "--no-sync", "--no-instructions"]


def _give(folder: Path, owner: Account) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.uid, owner.gid, follow_symlinks=False)
