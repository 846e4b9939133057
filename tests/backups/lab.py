"""A laboratory for dumps of every kind: real databases, real dumps, restored with and without our defences."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from psycopg2 import sql

from backups.adapters import tools
from backups.adapters.postgres import Cluster, Restored, Source, restore, verify
from backups.adapters.sandbox import Limits, Sandbox
from backups.adapters.sandbox.limits import MEBIBYTE  # noqa: F401 - with the rest of the laboratory
from backups.choices import Isolation

IS_ROOT = os.geteuid() == 0

#: Nothing has to be installed to run the tests; where all is checked it is, and then nothing is left out.
HAS_BWRAP = shutil.which("bwrap") is not None or "CI" in os.environ
needs_bwrap = pytest.mark.skipif(not HAS_BWRAP, reason="bubblewrap is not installed on this machine")

#: Every kind of isolation that this account can have here. Without rights there is no second-best kind.
KINDS = [
    *([Isolation.BWRAP] if HAS_BWRAP else []),
    *([Isolation.UID] if IS_ROOT else []),
    Isolation.NONE,
]

SHORT = Limits(wall_clock=timedelta(seconds=60), keep_free_bytes=0)


def sandbox(name: str = "", *, limits: Limits = SHORT, isolation: Isolation | None = None, **more) -> Sandbox:
    """A sandbox with a name of its own."""
    return Sandbox(name or f"test-{secrets.token_hex(6)}", limits, isolation=isolation, accept_none=True, **more)


class Lab:
    """The tests' own cluster as the source, as its superuser."""

    def __init__(self) -> None:
        own = settings.DATABASES["default"]
        self.host, self.user, self.password = own["HOST"], own["USER"], own["PASSWORD"]
        self._made: list[str] = []
        self._roles: list[str] = []
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="holdfast-lab-")))
        # The tests' server runs as somebody else, and so would what breaks out of a sandbox.
        self.folder.chmod(0o777)

    def close(self) -> None:
        for name in self._made:
            self.run("postgres", sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        for name in self._roles:
            self.run("postgres", sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
        self._stack.close()

    def run(self, database: str, *statements: str | sql.Composable) -> list[tuple]:
        """Run statements as superuser; the rows of the last one, if it gave any."""
        with closing(
            psycopg2.connect(host=self.host, dbname=database, user=self.user, password=self.password)
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    def database(self, *statements: str, name: str | None = None) -> str:
        """A new database with something in it."""
        name = name or f"lab_{secrets.token_hex(6)}"
        self._made.append(name)
        self.run("postgres", sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        if statements:
            self.run(name, *statements)
        return name

    def role(self, options: str = "LOGIN") -> str:
        """A new role, with the password `secret`."""
        name = f"lab_{secrets.token_hex(6)}"
        self._roles.append(name)
        self.run("postgres", f"CREATE ROLE {name} {options} PASSWORD 'secret'")
        return name

    def source(self, database: str, **other: str) -> Source:
        given = {"host": self.host, "database": database, "user": self.user, **other}
        return Source.of(given, given.pop("password", self.password))

    def dump(self, database: str, kind: str = "custom") -> Path:
        """A dump as pg_dump writes it, without the product."""
        path = self.folder / f"{secrets.token_hex(6)}.dump"
        self._tool("pg_dump", f"--format={kind}", f"--file={path}", f"--dbname={database}")
        return path

    def text(self, script: str) -> Path:
        """A plain dump of these statements, whole by all its marks."""
        path = self.folder / f"{secrets.token_hex(6)}.sql"
        path.write_text(
            f"--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 18.6\n\n{script}\n"
            "--\n-- PostgreSQL database dump complete\n--\n\n",
            encoding="utf-8",
        )
        return path

    def marker(self) -> Path:
        """A file that is there only when something of a dump ran outside."""
        return self.folder / f"marker-{secrets.token_hex(6)}"

    def restore_undefended(self, dump: Path) -> str:
        """As careless scripts do it: as superuser, on the host. Returns the new database."""
        name = self.database()
        self._tool("pg_restore", f"--dbname={name}", str(dump), check=False)
        return name

    def feed_undefended(self, dump: Path) -> str:
        name = self.database()
        self._tool("psql", "--no-psqlrc", f"--dbname={name}", f"--file={dump}", check=False)
        return name

    def _tool(self, name: str, *arguments: str, check: bool = True) -> None:
        tool = tools.find(name)
        environment = {"PATH": os.defpath, "PGHOST": self.host, "PGUSER": self.user, "PGPASSWORD": self.password}
        subprocess.run([tool.path, *arguments], env=environment, check=check, capture_output=True, timeout=60)


@contextmanager
def restored(
    dump: Path, *, limits: Limits = SHORT, isolation: Isolation | None = None, **more
) -> Iterator[tuple[Cluster, Restored]]:
    """The way of the product: sandbox, verification, cluster, restore."""
    with sandbox(limits=limits, isolation=isolation, **more) as box:
        major = verify(box, dump).major
        put = box.put(dump, "database.dump")
        with Cluster(box, at_least_major=major) as cluster:
            yield cluster, restore(cluster, put)


def disk_of(size: int) -> dict:
    """A small disk: a real one where we may make it, else a bound on what may be written."""
    if IS_ROOT:
        return {"size": size}
    return {"limits": Limits(wall_clock=timedelta(seconds=60), keep_free_bytes=0, disk_bytes=size)}


def without(folder: Path, *programs: str) -> str:
    """A PATH that has what a sandbox uses, but not these programs."""
    folder.mkdir()
    for name in {"bwrap", "setpriv", "unshare", "prlimit", "touch", "sh", "sleep", "id", "true"} - set(programs):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return str(folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody on the host can read."""
    with tempfile.TemporaryDirectory(prefix="holdfast-open-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A laboratory, cleared away afterwards."""
    made = Lab()
    try:
        yield made
    finally:
        made.close()
