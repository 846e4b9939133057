"""Restoring a dump of unknown content into a throwaway cluster, as a role without rights."""

import io
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from backups.adapters import tools
from backups.adapters.endings import EXHAUSTED, gave_up, meant
from backups.adapters.errors import (
    DiskLimit,
    DumpDamaged,
    DumpNeedsRights,
    DumpRunsCommands,
    DumpTooNew,
    ExtensionNotOffered,
    RestoreFailed,
    SandboxFailed,
    ToolBroke,
    ToolError,
)
from backups.adapters.postgres import plain, words
from backups.adapters.postgres.archive import CUSTOM, PLAIN, look
from backups.adapters.postgres.cluster import DATABASE, ROLE, SUPERUSER, Cluster
from backups.adapters.postgres.extensions import Extension, wanted
from backups.adapters.processes import Finished
from backups.adapters.sandbox import Put

#: The longest list of contents that is read.
LIST_BYTES = 256 * 1024 * 1024

#: More at once gains nothing on the hosts this runs on, and each is a connection.
MOST_JOBS = 4

#: What only a superuser may make, and what would reach out of the sandbox. No row of a table depends on it; what was
#: left out is told.
LEFT_OUT = (
    "EVENT TRIGGER",
    "PUBLICATION",
    "SUBSCRIPTION",
    "FOREIGN DATA WRAPPER",
    "SERVER",
    "USER MAPPING",
    "FOREIGN TABLE",
)

ENTRY = re.compile(r"^(?P<number>\d+); \d+ \d+ (?P<what>.+)$")

#: What pg_restore and psql say, and what it means. The first that fits counts.
REASONS: tuple[tuple[str, type[ToolError]], ...] = (
    ("could not read from input file", DumpDamaged),
    ("could not uncompress data", DumpDamaged),
    ("could not find block ID", DumpDamaged),
    ("unexpected end of file", DumpDamaged),
    ("backslash commands are restricted", DumpRunsCommands),
    ("unrestrict: wrong key", DumpRunsCommands),
    ("permission denied", DumpNeedsRights),
    ("must be superuser", DumpNeedsRights),
    ("must be able to SET ROLE", DumpNeedsRights),
    ("Only roles with", DumpNeedsRights),
)

#: The server ended in the middle.
SERVER_GONE: tuple[tuple[str, type[ToolError]], ...] = (
    ("server closed the connection unexpectedly", ToolBroke),
    ("terminating connection", ToolBroke),
    ("the database system is", ToolBroke),
    ("connection to server was lost", ToolBroke),
    ("a worker process died unexpectedly", ToolBroke),
)


@dataclass(frozen=True)
class Restored:
    """A dump that was restored whole, but for what is named in `left_out`."""

    kind: str
    left_out: list[str]
    extensions: list[str]
    finished: Finished

    @property
    def seconds(self) -> float:
        """How long the restore itself took, without the sandbox."""
        return self.finished.seconds


def restore(cluster: Cluster, dump: Put, *, roles: Iterable[str] = (), jobs: int | None = None) -> Restored:
    """Restore a dump that was put into the cluster's sandbox.

    roles: names that rules of row security mention; made without any right. Raises ToolError, among them
    DumpDamaged, DumpTooNew, DumpNeedsRights, DumpRunsCommands, ExtensionNotOffered, RestoreFailed, TimeIsUp, DiskLimit.
    """
    archive = look(cluster.box.folder / dump.name)
    newest = cluster.server.major
    if archive.reads_from > newest:
        package = tools.package_of("postgres", archive.reads_from)
        raise DumpTooNew(major=archive.reads_from, newest=newest, package=package)
    _make_roles(cluster, roles)
    if archive.kind == CUSTOM:
        return _restore_custom(cluster, dump, jobs or min(MOST_JOBS, os.cpu_count() or 1))
    finished = plain.feed(cluster, dump)
    _check(cluster, finished)
    return Restored(PLAIN, [], [], finished)


def _restore_custom(cluster: Cluster, dump: Put, jobs: int) -> Restored:
    contents = _contents(cluster, dump)
    extensions = _make_extensions(cluster, dump, contents)
    kept, left_out = _divide(contents, extensions)
    flags = ["--exit-on-error", "--no-owner", "--no-privileges", "--no-subscriptions", "--no-publications"]
    flags += ["--no-security-labels", "--no-tablespaces", "--no-password", f"--jobs={jobs}", f"--dbname={DATABASE}"]
    finished = _pg_restore(cluster, dump, [*flags, _use_list(cluster, "kept.list", kept)])
    _check(cluster, finished)
    return Restored(CUSTOM, left_out, [extension.name for extension in extensions], finished)


def _contents(cluster: Cluster, dump: Put) -> dict[str, str]:
    """The dump's list of contents: what it is by its number. Only read, to know what to leave out."""
    finished = _pg_restore(cluster, dump, ["--list"], keep_output=LIST_BYTES)
    _check(cluster, finished)
    entries = (ENTRY.match(line) for line in finished.output.decode("utf-8", "replace").split("\n"))
    return {entry["number"]: entry["what"] for entry in entries if entry}


def _divide(contents: dict[str, str], extensions: list[Extension]) -> tuple[list[str], list[str]]:
    """The numbers to restore, and the words for what is left out. What we made ourselves is in neither."""
    made = ("EXTENSION - ", "COMMENT - EXTENSION ", *(f"SCHEMA - {extension.schema} " for extension in extensions))
    refused = tuple(f"{word} " for word in LEFT_OUT) + tuple(f"COMMENT - {word} " for word in LEFT_OUT)
    kept = [number for number, what in contents.items() if not what.startswith((*made, *refused))]
    return kept, sorted(what for what in contents.values() if what.startswith(refused))


def _make_roles(cluster: Cluster, roles: Iterable[str]) -> None:
    statements = [f"CREATE ROLE {words.name(role)} NOLOGIN;" for role in dict.fromkeys(roles) if _may_exist(role)]
    if statements:
        cluster.command("\n".join(statements))


def _may_exist(role: str) -> bool:
    return role not in {ROLE, SUPERUSER, "public", "none"} and not role.startswith("pg_") and "\0" not in role


def _make_extensions(cluster: Cluster, dump: Put, contents: dict[str, str]) -> list[Extension]:
    """Make what the dump needs, while nothing of the dump is there that could stand in the way."""
    numbers = [number for number, what in contents.items() if what.startswith("EXTENSION - ")]
    if not numbers:
        return []
    flags = ["--file=-", _use_list(cluster, "extensions.list", numbers)]
    finished = _pg_restore(cluster, dump, flags, keep_output=LIST_BYTES)
    _check(cluster, finished)
    extensions = wanted(finished.output.decode("utf-8", "replace"))
    for extension in extensions:
        _make_extension(cluster, extension)
    return extensions


def _make_extension(cluster: Cluster, extension: Extension) -> None:
    schema = words.name(extension.schema)
    statements = f"CREATE EXTENSION IF NOT EXISTS {words.name(extension.name)} SCHEMA {schema};"
    if extension.schema not in {"public", "pg_catalog"}:
        statements = f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {ROLE};\n{statements}"
        # Some bring tables whose rows are part of the dump.
        statements += f"\nGRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {ROLE};"
    try:
        cluster.command(statements)
    except SandboxFailed as error:
        raise ExtensionNotOffered(extension=extension.name).shown_by(error.evidence) from error


def _use_list(cluster: Cluster, name: str, numbers: Iterable[str]) -> str:
    name = f"{cluster.name}.{name}"
    cluster.box.put(io.BytesIO("".join(f"{number};\n" for number in numbers).encode()), name)
    return f"--use-list={cluster.box.inside(name)}"


def _pg_restore(cluster: Cluster, dump: Put, flags: list[str], *, keep_output: int = 0) -> Finished:
    return cluster.box.run(
        [cluster.server.beside("pg_restore"), *flags, "--", cluster.box.inside(dump.name)],
        env=cluster.connection(),
        keep_output=keep_output,
        secrets=cluster.secrets,
        roots=cluster.server.roots,
    )


def _check(cluster: Cluster, finished: Finished) -> None:
    """Say what a restore that broke off means, if it did.

    First whether it came to a verdict at all: what ran out, by its own words or the last ones of the server, who was
    killed, and whether the server was still there. Only then it is about the dump.
    """
    if finished.exit_code == 0:
        return
    tool = finished.argv[0].rpartition("/")[2]
    kind = meant(finished.tail, REASONS)
    if broke := meant(finished.tail, EXHAUSTED) or meant(cluster.last_words(), EXHAUSTED):
        raise broke().shown_by(finished)
    if cluster.box.is_full():
        raise DiskLimit(limit_bytes=cluster.box.limits.disk_bytes).shown_by(finished)
    if error := gave_up(finished, tool):
        raise error
    if kind is None and (not cluster.is_alive() or meant(finished.tail, SERVER_GONE)):
        raise ToolBroke(tool="postgres").shown_by(finished)
    raise (kind or RestoreFailed)().shown_by(finished)
