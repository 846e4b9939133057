"""Finding the programs of PostgreSQL that fit a server or a dump. Never by PATH alone.

All that are on this host are looked at: those of our own wheel, and those of the distribution's packages, of every
major. A dump is taken by a tool at least as new as the server and restored by one at least as new as the dump; the
oldest that is new enough is chosen, so that a copy can still be restored where it came from.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from backups.adapters.errors import ToolMissing, ToolWithoutEncryption
from common.embedded.errors import ServerError
from common.embedded.places import Places
from common.embedded.processes import Account, run_as
from common.embedded.wheels import postgres_binaries

#: Where packages put one folder of programs for each major: Debian and its kin, then PGDG's for Red Hat.
PACKAGED = ((Path("/usr/lib/postgresql"), "*/bin"), (Path("/usr"), "pgsql-*/bin"))

#: The package that brings a program, by the program.
SERVER_PROGRAMS = {"postgres", "initdb"}


@dataclass(frozen=True)
class Tool:
    """One program: where it is, and how new. `roots` are the folders outside /usr that it needs to run."""

    path: Path
    major: int
    version: str
    roots: tuple[Path, ...] = ()

    def beside(self, name: str) -> Path:
        """Another program of the same release."""
        return self.path.with_name(name)


def find(
    name: str,
    *,
    at_least_major: int | None = None,
    exactly_major: int | None = None,
    account: Account | None = None,
    with_encryption: bool = False,
) -> Tool:
    """The program that fits: `pg_dump`, `pg_restore`, `psql`, `initdb`, `postgres`.

    account: who is to run it.  with_encryption: it must be able to speak TLS.
    Raises ToolMissing or ToolWithoutEncryption, both naming the package to install.
    """
    fitting = [
        tool
        for tool in found(name, account)
        if tool.major >= (at_least_major or 0) and exactly_major in {None, tool.major}
    ]
    wanted = exactly_major or at_least_major or 0
    package = package_of(name, wanted)
    if not fitting:
        raise ToolMissing(tool=name, major=wanted, package=package)
    if with_encryption:
        fitting = [tool for tool in fitting if _speaks_tls(tool.beside("pg_config"))]
        if not fitting:
            raise ToolWithoutEncryption(tool=name, package=package)
    return min(fitting, key=_major) if wanted else max(fitting, key=_major)


def found(name: str, account: Account | None = None) -> list[Tool]:
    """Every program of that name on this host that the account can run."""
    tools = [_looked_at(folder / name, account, roots) for folder, roots in _folders(account)]
    return [tool for tool in tools if tool is not None]


def newest_major(name: str, account: Account | None = None) -> int:
    """The newest major on this host, or 0."""
    return max((tool.major for tool in found(name, account)), default=0)


def package_of(name: str, major: int) -> str:
    """The package that brings a program, as Debian and PGDG name it."""
    kind = "postgresql" if name in SERVER_PROGRAMS else "postgresql-client"
    return f"{kind}-{major}" if major else kind


def _major(tool: Tool) -> int:
    return tool.major


def _folders(account: Account | None) -> list[tuple[Path, tuple[Path, ...]]]:
    folders = [(folder, ()) for base, pattern in PACKAGED for folder in sorted(base.glob(pattern))]
    return [*_of_the_wheel(account), *folders, *_of_path()]


def _of_the_wheel(account: Account | None) -> list[tuple[Path, tuple[Path, ...]]]:
    try:
        binaries = postgres_binaries(account, Places(settings.DATA_DIR).servers)
    except ServerError:
        return []
    if binaries.is_relative_to("/usr"):
        return [(binaries, ())]
    package = binaries.parent.parent
    libraries = tuple(package.parent.glob(f"{package.name}.libs"))
    return [(binaries, (binaries.parent, *libraries))]


def _of_path() -> list[tuple[Path, tuple[Path, ...]]]:
    # Debian's /usr/bin/pg_dump is a script that chooses a release; the real ones were found above.
    on_path = shutil.which("postgres") or shutil.which("pg_restore")
    if on_path is None or Path(on_path).resolve().name not in {"postgres", "pg_restore"}:
        return []
    folder = Path(on_path).resolve().parent
    return [(folder, () if folder.is_relative_to("/usr") else (folder.parent,))]


def _looked_at(path: Path, account: Account | None, roots: tuple[Path, ...]) -> Tool | None:
    try:
        changed_at = path.stat().st_mtime_ns
    except OSError:
        return None
    version = _version(path, account, changed_at)
    major = re.match(r"\d+", version)
    return Tool(path, int(major.group()), version, roots) if major else None


@lru_cache(maxsize=256)
def _version(path: Path, account: Account | None, changed_at: int) -> str:
    """What the program says of itself; empty when the account cannot run it. changed_at: a new program is asked."""
    try:
        said = run_as(account, [path, "--version"], seconds=20)
    except (OSError, subprocess.SubprocessError):
        return ""
    number = re.search(rb"\(PostgreSQL[^)]*\) (\d[\w.]*)", said.stdout)
    return number.group(1).decode() if number and said.returncode == 0 else ""


@lru_cache(maxsize=64)
def _speaks_tls(pg_config: Path) -> bool:
    try:
        said = run_as(None, [pg_config, "--configure"], seconds=20).stdout
    except (OSError, subprocess.SubprocessError):
        return True  # no word about it: the connection itself will tell
    return b"--with-openssl" in said or b"--with-ssl" in said
