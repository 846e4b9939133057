"""Bringing our own database back: into an empty schema, all of it or nothing.

What was there before is set aside under another name, so that nothing is destroyed by bringing something back. A table
says that this is going on, and where what was before lies, so that whoever finds it can put that back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from backups.adapters import processes, tools
from backups.adapters.postgres.connect import Source
from backups.adapters.processes import Finished
from common.schema import UNFINISHED

SCHEMA = "public"
#: How the schemas begin in which data from before is kept.
ASIDE = "before_"
LONGEST_SECONDS = 6 * 3600
#: Rights and remarks belong to the server that the copy came from.
FLAGS = ["--no-owner", "--no-privileges", "--no-comments", "--no-security-labels", "--no-tablespaces", "--no-password"]

#: Sequences of columns go where their table goes; what an extension brought is the extension's.
OBJECTS = """
SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
       format('%%I.%%I', nspname, relname)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE nspname = %s AND relkind IN ('r', 'p', 'v', 'm', 'S')
   AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid
                      AND (deptype = 'e' OR relkind = 'S' AND deptype IN ('a', 'i')))
UNION ALL
SELECT 'ROUTINE', format('%%I.%%I(%%s)', nspname, proname, pg_get_function_identity_arguments(pg_proc.oid))
  FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
 WHERE nspname = %s
   AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid
                      AND deptype = 'e')
UNION ALL
SELECT 'TYPE', format('%%I.%%I', nspname, typname)
  FROM pg_type JOIN pg_namespace ON pg_namespace.oid = typnamespace
 WHERE nspname = %s AND typtype IN ('e', 'd', 'r')
   AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = pg_type.oid
                      AND deptype = 'e')
"""


def tables() -> int:
    """How many tables there are."""
    return int(_asked("SELECT count(*) FROM pg_tables WHERE schemaname = %s", [SCHEMA]))


def others() -> int:
    """How many other connections work with this database."""
    return int(
        _asked(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
    )


@contextmanager
def set_aside(now: datetime) -> Iterator[str]:
    """An empty schema for the time of the block, and from then on; the schema in which all that was in it is kept.

    The block calls `finish` in its last transaction. What it raises puts everything back; where the process is ended,
    `put_back` does. With nothing there, nothing is set aside and the name is empty. Extensions stay where they are:
    there is one of each in a database.
    """
    aside = f"{ASIDE}{now:%Y%m%dt%H%M%S}" if tables() else ""
    begin = [f"CREATE SCHEMA {aside}", *_moved(SCHEMA, aside)] if aside else []
    # The name is made of digits.
    _together([*begin, f"CREATE TABLE {SCHEMA}.{UNFINISHED} AS SELECT '{aside}'::text AS aside"])
    try:
        yield aside
    except BaseException:
        put_back()
        raise


def finish() -> None:
    """What was brought back is whole, together with the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {SCHEMA}.{UNFINISHED}")


def is_unfinished() -> bool:
    """Whether a copy was being brought back here, and not to the end."""
    return bool(_asked("SELECT to_regclass(%s) IS NOT NULL", [f"{SCHEMA}.{UNFINISHED}"]))


def put_back() -> str | None:
    """Undo what is unfinished: everything is as it was before, in one transaction.

    Returns the schema in which that was kept, empty where there was nothing; None when nothing is unfinished.
    """
    connection.close()  # what failed before has no part in it
    if not is_unfinished():
        return None
    aside = str(_asked(f"SELECT aside FROM {SCHEMA}.{UNFINISHED}"))  # noqa: S608 - both are constants
    dropped = [f"DROP {kind} IF EXISTS {name} CASCADE" for kind, name in _objects(SCHEMA)]
    _together([*dropped, *_moved(aside, SCHEMA), f"DROP SCHEMA {aside}"] if aside else dropped)
    return aside


def load(dump: str, *, at_least_major: int) -> Finished:
    """Restore a dump in one transaction. A non-zero exit code of what is returned says that nothing was changed.

    Raises ToolMissing, ToolBroke, TimeIsUp.
    """
    tool = tools.find("pg_restore", at_least_major=at_least_major)
    source = Source.own()
    return processes.run(
        [tool.path, *FLAGS, "--single-transaction", "--exit-on-error", f"--dbname={source.database}", "--", dump],
        env=processes.plain_environment(**source.environment),
        timeout=LONGEST_SECONDS,
        secrets=[source.password],
    )


def has_canary(canary: str) -> bool:
    """Whether the row that was written just before the copy was taken came back."""
    there = _asked("SELECT to_regclass('public.holdfast_canary') IS NOT NULL")
    return bool(there) and bool(_asked("SELECT count(*) FROM public.holdfast_canary WHERE id::text = %s", [canary]))


def _moved(source: str, target: str) -> list[str]:
    """What moves everything of one schema into another."""
    return [f"ALTER {kind} {name} SET SCHEMA {target}" for kind, name in _objects(source)]


def _together(statements: list[str]) -> None:
    """All of them or none. The connection is new: what failed before has no part in it."""
    connection.close()
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _objects(schema: str) -> list[tuple[str, str]]:
    """Kind and quoted name of everything in a schema that stands by itself and belongs to no extension."""
    return [(str(kind), str(name)) for kind, name in _rows(OBJECTS, [schema] * 3)]


def _asked(query: str, values: list[str] | None = None) -> Any:
    return _rows(query, values)[0][0]


def _rows(query: str, values: list[str] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
