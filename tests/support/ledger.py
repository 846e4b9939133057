"""Emptying the ledger between tests: the one place that gets round its triggers."""

from typing import Any

import psycopg2
from django.db import connection


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


def as_superuser(statement: str, *more: str, arguments: Any = None) -> None:
    """The same in the transaction of the test, which takes it back at the end."""
    with connection.cursor() as cursor:
        # What is still to be checked would keep the tables from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        for each in (statement, *more):
            cursor.execute(each, arguments)
        cursor.execute("SET session_replication_role = origin; SET CONSTRAINTS ALL DEFERRED")
