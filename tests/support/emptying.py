"""The database as the migrations leave it, again after each test with real transactions.

Django empties every table and fills in anew what a migration does: with this many tables most of a second. Only the
tables that hold something are emptied here, and what the migrations put into them is copied back.
"""

from typing import Any

from django.db import connection

from ledger import heads
from tests.support.ledger import without_triggers

#: What is only ever made by a migration. The first two are many rows, and the same in every test.
KEPT = {"django_content_type", "auth_permission"}
COPIES = "as_migrated"


def remember() -> None:
    """Once, before any test: what a migrated database holds."""
    without_triggers(
        f"DROP SCHEMA IF EXISTS {COPIES} CASCADE",
        f"CREATE SCHEMA {COPIES}",
        *(f'CREATE TABLE {COPIES}."{table}" AS TABLE "{table}"' for table in _filled() - KEPT),
    )


def as_migrated(case: Any) -> None:
    """In the place of `TransactionTestCase._fixture_teardown`."""
    without_triggers(
        *(f'DELETE FROM "{table}"' for table in _filled() - KEPT),
        *(f'INSERT INTO "{table}" SELECT * FROM {COPIES}."{table}"' for table in _remembered()),
    )
    heads.path().unlink(missing_ok=True)


def _filled() -> set[str]:
    """Tables of models that hold rows."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return _names(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM \"{one}\")" for one in tables))


def _remembered() -> set[str]:
    return _names(f"SELECT tablename FROM pg_tables WHERE schemaname = '{COPIES}'")


def _names(question: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return {name for (name,) in cursor.fetchall()}
