"""What a source holds at the very moment that is saved: rows by table, extensions, roles that rules name, its size."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from psycopg2 import extensions

#: Counting is worth seconds, not minutes: what is not counted by then is named as uncounted.
COUNT_SECONDS = 20.0
ONE_TABLE_SECONDS = 5.0
MOST_TABLES = 5000

#: Tables with rows of their own, smallest first; those of extensions are not dumped.
TABLES = """
SELECT format('%%I.%%I', n.nspname, c.relname), count(*) OVER ()
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%%'
  AND NOT (%s <> '' AND starts_with(n.nspname, %s))
  AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relpages, 1 LIMIT %s
"""

EXTENSIONS = """
SELECT e.extname, n.nspname, e.extversion FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname <> 'plpgsql' ORDER BY 1
"""

#: Rules of row security name roles, which a dump of one database does not hold.
ROLES = """
SELECT DISTINCT r.rolname FROM pg_policy p CROSS JOIN unnest(p.polroles) AS named(role)
JOIN pg_roles r ON r.oid = named.role ORDER BY 1
"""

SIZE = "SELECT pg_database_size(current_database())"


@dataclass(frozen=True)
class Survey:
    """What was found. `rows` is exact, by quoted table name. `tables` are all there are: beyond the most, unnamed."""

    rows: dict[str, int]
    uncounted: list[str]
    extensions: list[dict[str, str]]
    roles: list[str]
    database_bytes: int
    tables: int


@dataclass
class _Counts:
    rows: dict[str, int] = field(default_factory=dict)
    uncounted: list[str] = field(default_factory=list)
    tables: int = 0


def survey(
    cursor: extensions.cursor, *, look: Callable[[], None], seconds: float = COUNT_SECONDS, but: str = ""
) -> Survey:
    """Look at the database inside the cursor's transaction, whose snapshot the dump shares.

    look: called between two tables, raises when the work has to end.  but: schemas whose names begin so are left out.
    """
    cursor.execute("SET LOCAL statement_timeout = '60s'")
    cursor.execute("SET LOCAL lock_timeout = '1s'")
    extensions = [
        {"name": name, "schema": schema, "version": version} for name, schema, version in _rows(cursor, EXTENSIONS)
    ]
    roles = [name for (name,) in _rows(cursor, ROLES)]
    [(size,)] = _rows(cursor, SIZE)
    counts = _count(cursor, seconds, look, but)
    return Survey(counts.rows, counts.uncounted, extensions, roles, size, counts.tables)


def _count(cursor: extensions.cursor, seconds: float, look: Callable[[], None], but: str) -> _Counts:
    deadline = time.monotonic() + seconds
    counts = _Counts()
    for table, counts.tables in _rows(cursor, TABLES, [but, but, MOST_TABLES]):
        look()
        left = min(ONE_TABLE_SECONDS, deadline - time.monotonic())
        count = _count_one(cursor, table, left) if left > 0 else None
        if count is None:
            counts.uncounted.append(table)
        else:
            counts.rows[table] = count
    return counts


def _count_one(cursor: extensions.cursor, table: str, seconds: float) -> int | None:
    """None when it takes too long or is not allowed; the savepoint keeps the snapshot alive."""
    cursor.execute("SAVEPOINT counting")
    try:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(max(1, int(seconds * 1000)))])
        cursor.execute(f"SELECT count(*) FROM ONLY {table}")  # noqa: S608 - quoted by the server's own format()
        found = cursor.fetchone()
    except psycopg2.errors.QueryCanceled:
        found = None
    except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.LockNotAvailable, psycopg2.errors.UndefinedTable):
        found = None
    cursor.execute("ROLLBACK TO SAVEPOINT counting")
    return found[0] if found else None


def _rows(cursor: extensions.cursor, statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    # With no values psycopg2 leaves percent signs alone; the statements that take some write them twice.
    cursor.execute(statement, values)
    return cursor.fetchall()
