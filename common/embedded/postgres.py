"""One PostgreSQL cluster of our own: made, started, asked, stopped."""

import os
import re
import secrets
import shutil
import signal
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil
import psycopg2
from psycopg2 import sql

from common.embedded.errors import ServerError
from common.embedded.places import Places
from common.embedded.processes import (
    Account,
    own_folder,
    run_as,
    server_environment,
    servers_account,
    spawn,
    wait_until_gone,
)
from common.embedded.wheels import postgres_binaries

#: Every cluster has these, sandboxes and tests too: with the plain C locale pg_trgm drops every Chinese character.
LOCALE_FLAGS = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")

SUPERUSER = "postgres"

#: What the server is told at each start. No TCP; only the owner of the socket folder can knock at all.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "",
    "log_checkpoints": "off",
    # A statement may carry what people wrote; the error alone says enough.
    "log_min_error_statement": "panic",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "jit": "off",
}

#: For the demo's small databases.
SMALL_OPTIONS = {"shared_buffers": "8MB", "max_connections": "12", "max_wal_size": "64MB"}

#: For clusters that may be lost, those of the tests.
THROWAWAY_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


@dataclass
class Postgres:
    """A cluster in `folder`, listening only on a socket in `sockets`."""

    folder: Path
    sockets: Path
    password: str
    copies: Path
    options: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, places: Places, password: str) -> "Postgres":
        """The cluster of an installation."""
        return cls(places.postgres, places.postgres_sockets, password, places.servers)

    @classmethod
    def of_demo(cls, places: Places) -> "Postgres":
        """The cluster with the demo's databases."""
        password = places.secret("demo-superuser-password")
        return cls(places.demo_postgres, places.demo_sockets, password, places.servers, SMALL_OPTIONS)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def account(self) -> Account | None:
        return servers_account(self.folder)

    def binaries(self) -> Path:
        """The folder with this cluster's programs (psql is not needed: psycopg2 speaks to it)."""
        return postgres_binaries(self.account, self.copies)

    def start(
        self,
        *,
        output: IO[bytes] | int = subprocess.DEVNULL,
        seconds: float = 60,
        dies_with_us: signal.Signals | None = None,
    ) -> "subprocess.Popen[bytes]":
        """Start the server, made first where there is none, and wait until it answers.

        A leftover of a crash is recognised: the note of a process that is no PostgreSQL of this folder is removed,
        and the server recovers by itself. dies_with_us: see `spawn`. Raises ServerError.
        """
        account = self.account
        own_folder(self.folder, account)
        self._own_sockets(account)
        self._create(account)
        deadline = time.monotonic() + seconds
        patience = time.monotonic() + min(seconds, 10)
        while True:
            server = self.spawn(output=output, dies_with_us=dies_with_us)
            try:
                self._wait_until_ready(server, deadline)
            except ServerError:
                # A server that is stopping, or the backends of a killed one, need a moment to be gone.
                if server.poll() is None or (self.running() is None and time.monotonic() > patience):
                    self._end(server)
                    raise
                time.sleep(0.5)
            else:
                return server

    def spawn(
        self, *, output: IO[bytes] | int = subprocess.DEVNULL, dies_with_us: signal.Signals | None = None
    ) -> "subprocess.Popen[bytes]":
        """Start the server of a cluster that is made, without waiting for it."""
        self._forget_dead_server()
        options = {**OPTIONS, "unix_socket_directories": str(self.sockets), **self.options}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return spawn(
            [self.binaries() / "postgres", "-D", self.data, *flags],
            account=self.account,
            output=output,
            environment=server_environment(),
            dies_with_us=dies_with_us,
        )

    def running(self) -> psutil.Process | None:
        """The server that runs in this folder now, whoever started it."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
            process = psutil.Process(pid)
            ours = str(self.data) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, psutil.Error):
            return None
        return process if ours else None

    def stop(self, *, seconds: float = 30) -> None:
        """Stop the server, whoever started it: connections are ended, data is written. Twice is once."""
        server = self.running()
        if server is None:
            return
        server.send_signal(signal.SIGINT)  # PostgreSQL's "fast": does not wait for clients
        if not wait_until_gone(self.running, seconds):
            server.send_signal(signal.SIGQUIT)
            wait_until_gone(self.running, 5)

    def answers(self) -> bool:
        """Whether one can sign in now."""
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def ensure_database(self, name: str, owner: str, password: str) -> None:
        """Make the database and its owner, who is no superuser. Twice is once."""
        with closing(self._connect("postgres")) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner])
            statement = "ALTER" if cursor.fetchone() else "CREATE"
            cursor.execute(
                sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                    sql.SQL(statement), sql.Identifier(owner), sql.Literal(password)
                )
            )
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not cursor.fetchone():
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
                )

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=str(self.sockets), dbname=database, user=SUPERUSER, password=self.password, connect_timeout=5
        )

    def _create(self, account: Account | None) -> None:
        """Make the cluster in a folder beside, so that a crash in the middle leaves none, not half of one."""
        if (self.data / "PG_VERSION").is_file():
            self._check_major(account)
            return
        unfinished = self.folder / "data.part"
        shutil.rmtree(unfinished, ignore_errors=True)
        note = self.folder / f"password-{secrets.token_hex(8)}"
        note.touch(mode=0o600)
        note.write_text(self.password, encoding="utf-8")
        if account is not None:
            os.chown(note, account.uid, account.gid)
        command: list[str | Path] = [self.binaries() / "initdb", "-D", unfinished, "-U", SUPERUSER]
        command += [f"--pwfile={note}", "--auth=scram-sha-256", "--no-instructions", *LOCALE_FLAGS]
        if self.options.get("fsync") == "off":
            command.append("--no-sync")
        made = run_as(account, command)
        note.unlink()
        if made.returncode != 0:
            raise ServerError(f"PostgreSQL could not make its data folder {self.data}: {_last_line(made.stdout)}")
        unfinished.rename(self.data)

    def _check_major(self, account: Account | None) -> None:
        stored = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        said = run_as(account, [self.binaries() / "postgres", "--version"]).stdout.decode(errors="replace")
        if not re.search(rf"\) {re.escape(stored)}\b", said):
            raise ServerError(
                f"The data in {self.data} is PostgreSQL {stored}, but the server here is {said.strip()}: "
                "move the folder away and restore the newest copy, or install the version that fits."
            )

    def _forget_dead_server(self) -> None:
        """After a crash the number in the note may belong to another program, which PostgreSQL would respect."""
        if self.running() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _own_sockets(self, account: Account | None) -> None:
        if self.sockets.is_symlink():
            raise ServerError(f"{self.sockets} is a link, made by somebody else: remove it.")
        expected = account.uid if account is not None else os.geteuid()
        if self.sockets.is_dir() and self.sockets.stat().st_uid not in {expected, os.geteuid()}:
            raise ServerError(f"{self.sockets} belongs to somebody else: remove it.")
        own_folder(self.sockets, account)

    def _wait_until_ready(self, server: "subprocess.Popen[bytes]", deadline: float) -> None:
        while not self.answers():
            if server.poll() is not None:
                raise ServerError(f"PostgreSQL ended at once (code {server.returncode}); its data is in {self.data}.")
            if time.monotonic() > deadline:
                raise ServerError(f"PostgreSQL does not answer; its data is in {self.data}.")
            time.sleep(0.05)

    def _end(self, server: "subprocess.Popen[bytes]") -> None:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(5)


def _last_line(output: bytes) -> str:
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
