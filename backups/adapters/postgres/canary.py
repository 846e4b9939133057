"""A row written into the source before each backup, and looked for in what was restored.

The newest one that comes back tells how much would have been lost. It is the only thing we ever write to a source.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime

import psycopg2
from psycopg2 import extensions

log = logging.getLogger(__name__)

TABLE = "holdfast_canary"

#: Older ones serve nobody.
KEEP = 20

CREATE = f"""
CREATE TABLE IF NOT EXISTS public.{TABLE} (id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())
"""
WRITE = f"INSERT INTO public.{TABLE} (id) VALUES (%s) RETURNING at"  # noqa: S608 - a name of our own
PRUNE = f"DELETE FROM public.{TABLE} WHERE id NOT IN (SELECT id FROM public.{TABLE} ORDER BY at DESC LIMIT {KEEP})"  # noqa: S608
NEWEST = f"SELECT id, extract(epoch FROM at) FROM public.{TABLE} ORDER BY at DESC LIMIT 1"  # noqa: S608


@dataclass(frozen=True)
class Canary:
    """One row, by its id and the source's own clock."""

    id: str
    at: datetime

    def plain(self) -> dict[str, str]:
        """As a manifest keeps it."""
        return {"id": self.id, "at": self.at.isoformat()}


def write(connection: extensions.connection) -> Canary | None:
    """Write a new row and commit it. None where the source does not let us: a backup without it is still one."""
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            cursor.execute("SET LOCAL statement_timeout = '10s'")
            # Asked first: CREATE … IF NOT EXISTS wants the right to create even where the table is there.
            cursor.execute("SELECT to_regclass(%s)", [f"public.{TABLE}"])
            if cursor.fetchone() == (None,):
                cursor.execute(CREATE)
            new = uuid.uuid4()
            cursor.execute(WRITE, [str(new)])
            written = cursor.fetchone()
            cursor.execute(PRUNE)
    except psycopg2.OperationalError:
        if connection.closed:
            raise
        return None
    except psycopg2.Error as error:
        log.info("the source takes no canary: %s", error)
        return None
    return Canary(str(new), written[0]) if written else None
