"""What a migration needs to make a table searchable: a column that the database itself keeps, and its indexes.

The column is generated, so no service can forget it. PostgreSQL refuses to change the type of a column
that it is made of: such a migration takes the search column away first (`without_search_column`) and
makes it again after.
"""

from collections.abc import Sequence

from django.db import migrations


def search_column(
    table: str, *, names: str, words: Sequence[str] = (), body: Sequence[str] = ()
) -> list[migrations.RunSQL]:
    """The operations of a migration that depends on `("common", "0002_search")`.

    names: the column that holds what the thing is called; misspelt, it is found too.
    words: columns that tell it from others.  body: columns with long text.  In the order of their weight.
    """
    return [migrations.RunSQL(do, undo) for do, undo in _statements(table, names, words, body)]


def without_search_column(
    table: str, *, names: str, words: Sequence[str] = (), body: Sequence[str] = ()
) -> list[migrations.RunSQL]:
    """The same taken away, with what was there to go back to."""
    return [migrations.RunSQL(undo, do) for do, undo in reversed(_statements(table, names, words, body))]


def _statements(table: str, names: str, words: Sequence[str], body: Sequence[str]) -> list[tuple[str, str]]:
    """[(what to run, how to take it back), …]"""
    document = f"search_document({names}, {_joined(words)}, {_joined(body)})"
    return [
        (
            f"ALTER TABLE {table} ADD COLUMN search tsvector GENERATED ALWAYS AS ({document}) STORED",
            f"ALTER TABLE {table} DROP COLUMN search",
        ),
        (f"CREATE INDEX {table}_search ON {table} USING gin (search)", f"DROP INDEX {table}_search"),
        (f"CREATE INDEX {table}_like ON {table} USING gin ({names} gin_trgm_ops)", f"DROP INDEX {table}_like"),
    ]


def _joined(columns: Sequence[str]) -> str:
    return " || ' ' || ".join(f"coalesce({column}, '')" for column in columns) or "''"
