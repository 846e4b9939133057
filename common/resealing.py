"""Finding sealed values and sealing them again, a batch at a time."""

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Q
from psycopg2 import sql

from common import sealed as places
from common import secrets
from common.models import SealingKey
from common.sealed import Column

BATCH = 500


@dataclass
class Done:
    """How many values were sealed again, and how many could not be opened, by place."""

    values: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)


def reseal(key_id: str) -> Done:
    """Seal everything with this key that is sealed with another. Each value changes in one statement of its own.

    A value that somebody changed meanwhile was sealed by them, with the newest key.
    """
    done = Done()
    for column in places.columns():
        _reseal_column(column, key_id, done)
    for path in _files():
        _reseal_file(path, key_id, done)
    return done


def used_by(key_id: str, *, only_known: bool = False) -> list[str]:
    """Where values sealed with the key are: columns and files.

    Every column of text in the database is looked through, so that a place nobody named is found too;
    only_known: only those that `reseal` reaches.
    """
    begins = f"{key_id}:gAAAA"
    known = {str(column) for column in places.columns()}
    found = [name for name, query in _text_columns() if (name in known or not only_known) and _holds(query, begins)]
    return found + [str(path) for path in _files() if path.read_text(encoding="ascii").startswith(begins)]


def is_anything_sealed() -> bool:
    """Whether something stored was sealed, or a key is known by name: then a key must be somewhere."""
    tables = set(connection.introspection.table_names())
    if SealingKey._meta.db_table not in tables:  # nothing is stored yet
        return False
    known = [column for column in places.columns() if column.model._meta.db_table in tables]
    return SealingKey.objects.exists() or any(_needed_by(column) for column in known)


def missing_keys() -> set[str]:
    """The ids of keys that something stored was sealed with, and that are not here."""
    needed = set().union(*(_needed_by(column) for column in places.columns()))
    return needed - set(secrets.key_ids())


def _needed_by(column: Column) -> set[str]:
    needed: set[str] = set()
    values = column.model._base_manager.values_list(column.name, flat=True)
    for value in values.iterator(chunk_size=BATCH):
        needed |= _keys_in(value)
    return needed


def _keys_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*(_keys_in(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(_keys_in(item) for item in value))
    return {secrets.key_of(value)} - {""} if isinstance(value, str) else set()


def _reseal_column(column: Column, key_id: str, done: Done) -> None:
    last: Any = None
    rows = column.model._base_manager.order_by("pk").exclude(**{column.name: {} if column.is_json else ""})
    if not column.is_json:
        rows = rows.exclude(**{f"{column.name}__startswith": f"{key_id}:"})
    while batch := list(rows.filter(Q() if last is None else Q(pk__gt=last)).values_list("pk", column.name)[:BATCH]):
        for pk, value in batch:
            fresh = _again(value, key_id, done, str(column))
            if fresh != value:
                column.model._base_manager.filter(pk=pk, **{column.name: value}).update(**{column.name: fresh})
        last = batch[-1][0]


def _again(value: Any, key_id: str, done: Done, place: str) -> Any:
    """The value with every sealed text in it sealed by the newest key; what cannot be opened stays as it is."""
    if isinstance(value, dict):
        return {name: _again(item, key_id, done, place) for name, item in value.items()}
    if isinstance(value, list):
        return [_again(item, key_id, done, place) for item in value]
    if not isinstance(value, str) or secrets.key_of(value) in {"", key_id}:
        return value
    try:
        fresh = secrets.seal(secrets.unseal(value))
    except (secrets.KeyMissing, secrets.SecretDamaged):
        done.unreadable[place] += 1
        return value
    done.values[place] += 1
    return fresh


def _reseal_file(path: Path, key_id: str, done: Done) -> None:
    """Beside, then in its place: whoever reads it meets the old value or the new one, whole."""
    value = path.read_text(encoding="ascii")
    fresh = _again(value, key_id, done, str(path))
    if fresh != value:
        aside = path.with_name(f"{path.name}.new")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(fresh)
        aside.replace(path)


def _files() -> list[Path]:
    return [path for path in (ask() for ask in places.FILES) if path.is_file()]


def _text_columns() -> list[tuple[str, sql.Composed]]:
    """Name and query of every column that could hold a text, of all tables that are ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
            " AND data_type IN ('text', 'character varying', 'json', 'jsonb') ORDER BY 1, 2"
        )
        return [
            (
                f"{table}.{column}",
                sql.SQL("SELECT EXISTS (SELECT 1 FROM {table} WHERE position(%s in {column}::text) > 0)").format(
                    table=sql.Identifier(table), column=sql.Identifier(column)
                ),
            )
            for table, column in cursor.fetchall()
        ]


def _holds(query: sql.Composed, begins: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, [begins])
        return bool(cursor.fetchone()[0])
