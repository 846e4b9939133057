"""Saving a database with pg_dump, together with what it held at that very moment."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import psycopg2
from psycopg2 import extensions

from backups.adapters import processes, tools
from backups.adapters.errors import (
    DiskFull,
    DumpFailed,
    SourceLocked,
    SourceNotReadable,
    Stopped,
    ToolError,
    ToolWithoutEncryption,
)
from backups.adapters.output import readable
from backups.adapters.postgres import canary
from backups.adapters.postgres.canary import Canary
from backups.adapters.postgres.connect import MEANINGS, Source, connect, meaning
from backups.adapters.postgres.own import ASIDE
from backups.adapters.postgres.reach import pinned
from backups.adapters.postgres.survey import Survey, survey
from backups.adapters.processes import Finished

Answer = TypeVar("Answer")

LOCK_WAIT = "30s"

#: Fast, and still with the check sum of zlib, which finds a flipped bit; zstd as pg_dump writes it would not.
COMPRESSION = "gzip:1"

#: From pg_dump's words to ours. The first that fits counts.
REASONS: tuple[tuple[str, type[ToolError]], ...] = (
    ("No space left on device", DiskFull),
    ("Disk quota exceeded", DiskFull),
    ("permission denied", SourceNotReadable),
    ("row-level security", SourceNotReadable),
    ("lock timeout", SourceLocked),
    ("could not obtain lock", SourceLocked),
)


@dataclass(frozen=True)
class Dumped:
    """One dump as it was taken. `taken_at` is the moment of its snapshot, by the source's clock."""

    bytes: int
    taken_at: datetime
    server_version: str
    tool: str
    canary: Canary | None
    survey: Survey
    finished: Finished

    def manifest(self) -> dict[str, Any]:
        """Plain JSON for the copy's manifest."""
        return {
            "server_version": self.server_version,
            "tool": self.tool,
            "canary": self.canary.plain() if self.canary else None,
            "rows": self.survey.rows,
            "uncounted": self.survey.uncounted,
            "tables": self.survey.tables,
            "extensions": self.survey.extensions,
            "roles": self.survey.roles,
            "database_bytes": self.survey.database_bytes,
        }


def dump(
    source: Source,
    target: Path,
    *,
    wall_clock: float,
    stop: threading.Event | None = None,
    on_step: Callable[[str], None] = lambda name: None,
) -> Dumped:
    """Save the database into a new file.

    wall_clock: seconds.  stop: set from another thread to end it.  on_step: told "connect", "canary", "dump" as each
    begins. Raises ToolError: see `backups.adapters.errors`. The file is then not to be kept.
    """
    on_step("connect")
    source = pinned(source)
    with connect(source) as connection:
        server_major = connection.server_version // 10000
        tool = _tool(source, connection, server_major)
        on_step("canary")
        written = _asked(source, lambda: canary.write(connection))
        on_step("dump")
        with connection.cursor() as cursor:
            snapshot, taken_at, version, seen = _asked(source, lambda: _hold_still(connection, cursor, stop, source))
            finished = _pg_dump(tool, source, target, snapshot, wall_clock=wall_clock, stop=stop)
    return Dumped(
        bytes=target.stat().st_size,
        taken_at=taken_at,
        server_version=version,
        tool=f"pg_dump {tool.version}",
        canary=written,
        survey=seen,
        finished=finished,
    )


def _tool(source: Source, connection: extensions.connection, server_major: int) -> tools.Tool:
    encrypted = bool(connection.info.ssl_in_use)
    try:
        return tools.find("pg_dump", at_least_major=server_major, with_encryption=encrypted)
    except ToolWithoutEncryption:
        if source.encryption not in {"prefer", "disable"}:
            raise
        return tools.find("pg_dump", at_least_major=server_major)


def _hold_still(
    connection: extensions.connection, cursor: extensions.cursor, stop: threading.Event | None, source: Source
) -> tuple[str, datetime, str, Survey]:
    """Open the transaction whose snapshot pg_dump shares, and look at what it sees."""
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    # A server that ends idle transactions would take the snapshot away from pg_dump.
    cursor.execute("SET idle_in_transaction_session_timeout = 0")
    cursor.execute("SET row_security = off")
    cursor.execute(
        "SELECT pg_export_snapshot(), transaction_timestamp(), split_part(current_setting('server_version'), ' ', 1)"
    )
    snapshot, taken_at, version = cursor.fetchone()
    return snapshot, taken_at, version, survey(cursor, look=lambda: _look(stop), but=ASIDE if source.is_own else "")


def _asked(source: Source, work: Callable[[], Answer]) -> Answer:
    """Do something over the connection; a source that breaks off is told as a sentence."""
    try:
        return work()
    except psycopg2.OperationalError as error:
        raise meaning(str(error), source) from error
    except psycopg2.Error as error:
        said = Finished(("survey",), 1, 0.0, readable(str(error).encode(errors="replace")))
        kind = SourceNotReadable if isinstance(error, psycopg2.errors.InsufficientPrivilege) else DumpFailed
        raise kind().shown_by(said) from error


def _look(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise Stopped


def _pg_dump(
    tool: tools.Tool,
    source: Source,
    target: Path,
    snapshot: str,
    *,
    wall_clock: float,
    stop: threading.Event | None,
) -> Finished:
    argv: list[str | Path] = [
        tool.path,
        "--format=custom",
        f"--compress={COMPRESSION if tool.major >= 16 else 1}",
        f"--snapshot={snapshot}",
        f"--lock-wait-timeout={LOCK_WAIT}",
        "--no-password",
        f"--file={target}",
        # What an earlier restore of our own set aside is of another time: it would be in the way of the next one.
        *([f"--exclude-schema={ASIDE}*"] if source.is_own else []),
    ]
    finished = processes.run(
        argv,
        env=processes.plain_environment(**source.environment),
        timeout=wall_clock,
        stop=stop,
        secrets=[source.password],
    )
    if finished.exit_code != 0:
        raise _reason(finished, source).shown_by(finished)
    return finished


def _reason(finished: Finished, source: Source) -> ToolError:
    for words, kind in REASONS:
        if words in finished.tail:
            return kind()
    if any(words in finished.tail for words, _ in MEANINGS if words == "connection to server"):
        return meaning(finished.tail, source)
    return DumpFailed()
