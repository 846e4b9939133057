"""An empty cluster of our own inside a sandbox: made, started, asked, and gone with the sandbox.

It listens on a unix socket only. What is restored belongs to a role without rights; the superuser's password is known
to nobody inside.
"""

import csv
import io
import secrets
import signal
import time
from typing import Self

from backups.adapters import tools
from backups.adapters.endings import gave_up
from backups.adapters.errors import QueryFailed, QuestionTooLong, SandboxFailed, TimeIsUp, ToolBroke, ToolError
from backups.adapters.postgres import words
from backups.adapters.postgres.initialise import initialise
from backups.adapters.processes import Child, Finished
from backups.adapters.sandbox import Sandbox
from backups.choices import Isolation

SUPERUSER = "postgres"
ROLE = "holdfast_restore"
DATABASE = "restored"

START_SECONDS = 60.0
QUIT_SECONDS = 1.0

#: Nothing here has to survive a crash, so nothing is made safe against one: figures measured so flatter, and the
#: evidence says with what. No job of its own may run beside the restore.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "10",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_replication_slots": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "shared_buffers": "128MB",
    "maintenance_work_mem": "128MB",
    "temp_file_limit": "10GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "log_line_prefix": "",
}

#: Longest answer to one question, and how long it may take.
ANSWER_BYTES = 1024 * 1024
ANSWER_SECONDS = 60.0

#: How psql ends when the server is gone.
CONNECTION_LOST = 2

#: What the question itself may have switched off, the clock of the sandbox does so much later.
GRACE_SECONDS = 2.0


class Cluster:
    """Use it as `with Cluster(box, at_least_major=18) as cluster`. name: what its files inside are called by."""

    def __init__(self, box: Sandbox, *, name: str = "data", at_least_major: int | None = None) -> None:
        self.box, self.name = box, name
        self.server = tools.find("postgres", at_least_major=at_least_major, account=box.account)
        self.settings = dict(SETTINGS)
        if box.isolation != Isolation.BWRAP:
            # Else a server that is killed leaves files in the host's /dev/shm.
            self.settings["dynamic_shared_memory_type"] = "mmap"
        self._passwords = {SUPERUSER: secrets.token_urlsafe(24), ROLE: secrets.token_urlsafe(24)}
        self._child: Child | None = None

    @property
    def version(self) -> str:
        """Of the server, for the evidence."""
        return self.server.version

    def __enter__(self) -> Self:
        initialise(self.box, self.name, self.server, SUPERUSER, self._passwords[SUPERUSER])
        self._start()
        self._prepare()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._child is None:
            return
        if self.box.isolation == Isolation.NONE:
            # "Immediate" for the server: as fast as killing it, and it gives back its shared memory.
            self._child.end(first=signal.SIGQUIT, grace=QUIT_SECONDS)
        else:
            self._child.end(grace=0.0)

    def connection(self, *, role: str = ROLE, database: str = DATABASE) -> dict[str, str]:
        """The environment that leads libpq's programs to this cluster."""
        return {
            "PGHOST": self._sockets,
            "PGUSER": role,
            "PGDATABASE": database,
            "PGPASSWORD": self._passwords[role],
            "PGCONNECT_TIMEOUT": "10",
        }

    @property
    def secrets(self) -> list[str]:
        """What must not stand in any evidence."""
        return list(self._passwords.values())

    def command(self, sql: str, *, database: str = DATABASE) -> Finished:
        """Run statements of our own as superuser, before anything of the dump is inside. Raises SandboxFailed."""
        finished = self._psql(sql, role=SUPERUSER, database=database)
        if finished.exit_code != 0:
            raise SandboxFailed().shown_by(finished)
        return finished

    def query(self, sql: str, *, seconds: float = ANSWER_SECONDS) -> list[list[str | None]]:
        """Ask the restored database, read-only and without rights. Rows of texts; None is NULL.

        Raises QueryFailed, among them QuestionTooLong, OutputTooLarge, TimeIsUp, and ToolBroke, DiskFull or
        MemoryLimit when it was not the question's fault.
        """
        limit = max(1, int(seconds * 1000))
        wrapped = f"SET statement_timeout = {limit};\nBEGIN READ ONLY;\n{sql}\n;\nCOMMIT;\n"
        null = secrets.token_hex(16)
        try:
            finished = self._psql(wrapped, role=ROLE, database=DATABASE, timeout=seconds + GRACE_SECONDS, null=null)
        except TimeIsUp as error:
            if self.box.left() <= 0 or error.evidence is None:
                raise
            raise QuestionTooLong(limit_seconds=seconds).shown_by(error.evidence) from error
        if finished.exit_code != 0:
            raise self._unanswered(finished, seconds)
        rows = csv.reader(io.StringIO(finished.output.decode("utf-8", "replace"), newline=""))
        return [[None if cell == null else cell for cell in row or [""]] for row in rows]

    def is_alive(self) -> bool:
        """Whether the server still runs."""
        return self._child is not None and self._child.alive()

    def _unanswered(self, finished: Finished, seconds: float) -> ToolError:
        if error := gave_up(finished, "psql"):
            return error
        if finished.exit_code == CONNECTION_LOST or not self.is_alive():
            return ToolBroke(tool="postgres").shown_by(finished)
        if "due to statement timeout" in finished.tail:
            return QuestionTooLong(limit_seconds=seconds).shown_by(finished)
        return QueryFailed().shown_by(finished)

    def last_words(self) -> str:
        """What the server itself said last."""
        return self._child.finished().tail if self._child is not None else ""

    def _psql(self, sql: str, *, role: str, database: str, timeout: float | None = None, null: str = "") -> Finished:
        # Between \restrict and its key psql takes no command of its own: what looks like one is refused.
        key = secrets.token_hex(16)
        flags = ["--no-psqlrc", "--quiet", "--csv", "--tuples-only", "--no-password"]
        flags += ["--set=ON_ERROR_STOP=1", f"--pset=null={null}", "--file=-"]
        return self.box.run(
            [self.server.beside("psql"), *flags],
            env=self.connection(role=role, database=database),
            stdin=f"\\restrict {key}\n{sql}\n\\unrestrict {key}\n".encode(),
            keep_output=ANSWER_BYTES,
            timeout=timeout,
            secrets=self.secrets,
            roots=self.server.roots,
        )

    def _start(self) -> None:
        self._sockets = self.box.socket_folder()
        settings = {**self.settings, "unix_socket_directories": self._sockets}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._child = self.box.start(
            [self.server.path, "-D", self.box.inside(self.name), *flags], roots=self.server.roots, secrets=self.secrets
        )
        deadline = time.monotonic() + min(START_SECONDS, self.box.left())
        while not self._is_ready():
            self.box.check()
            if not self._child.alive() or time.monotonic() > deadline:
                self._child.end(grace=0.0)
                raise SandboxFailed().shown_by(self._child.finished())
            time.sleep(0.01)

    def _is_ready(self) -> bool:
        """As pg_ctl asks: the server writes its state into the eighth line of its note."""
        try:
            note = (self.box.folder / self.name / "postmaster.pid").read_bytes()[:4096].splitlines()
        except OSError:
            return False
        return len(note) >= 8 and note[7].strip() == b"ready"

    def _prepare(self) -> None:
        password = words.literal(self._passwords[ROLE])
        self.command(
            f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS "
            f"CONNECTION LIMIT 6 PASSWORD {password};\n"
            f"REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;\n"
            f"CREATE DATABASE {DATABASE} OWNER {ROLE} TEMPLATE template0;\n"
            f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;\n",
            database="postgres",
        )
