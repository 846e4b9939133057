"""Emptying the ledger between tests: the one place that gets round its triggers."""

from typing import Any

import psycopg2
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

from ledger import heads


def without_triggers(*statements: str, arguments: Any = None) -> None:
    """Run statements as a superuser with triggers off, on a connection of their own."""
    own = psycopg2.connect(**connection.get_connection_params())
    try:
        with own, own.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for statement in statements:
                cursor.execute(statement, arguments)
    finally:
        own.close()


def flush(operations: DatabaseOperations, sql_list: list[str]) -> None:
    """What Django runs after each test with real transactions: TRUNCATE of every table."""
    without_triggers(*sql_list)
    heads.path().unlink(missing_ok=True)
