"""What a restore test asks every restored database, whatever it holds."""

from collections.abc import Iterable
from datetime import UTC, datetime

from backups.adapters.errors import QueryFailed, QuestionTooLong
from backups.adapters.postgres import canary, words
from backups.adapters.postgres.canary import Canary
from backups.adapters.postgres.cluster import Cluster

#: One question counts this many tables: fewer starts of psql, and an answer that stays small.
AT_ONCE = 200

COUNT_SECONDS = 600.0

NAMES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""


def newest_canary(cluster: Cluster) -> Canary | None:
    """The newest canary that came back, or None."""
    [[table]] = cluster.query(f"SELECT to_regclass('public.{canary.TABLE}')")
    if table is None:
        return None
    try:
        rows = cluster.query(canary.NEWEST)
        return Canary(str(rows[0][0]), datetime.fromtimestamp(float(rows[0][1] or "nan"), UTC)) if rows else None
    except QuestionTooLong:
        raise
    except (QueryFailed, ValueError, OverflowError):
        return None  # a table of that name which is none of ours


def row_counts(cluster: Cluster, wanted: Iterable[str]) -> dict[str, int]:
    """Count the rows of these tables, by quoted name. Those that are not there are not in the answer.

    A manifest is not trusted with SQL: only names that the restored database gives itself are asked for.
    """
    there = {str(row[0]) for row in cluster.query(NAMES)}
    tables = [table for table in dict.fromkeys(wanted) if table in there]
    counts: dict[str, int] = {}
    for start in range(0, len(tables), AT_ONCE):
        part = tables[start : start + AT_ONCE]
        # Names come quoted from the server that is asked; nothing in them is read as SQL.
        questions = [f"SELECT {words.literal(table)}, (SELECT count(*) FROM ONLY {table})" for table in part]  # noqa: S608
        counting = " UNION ALL ".join(questions)
        counts |= {str(name): int(count or 0) for name, count in cluster.query(counting, seconds=COUNT_SECONDS)}
    return counts
