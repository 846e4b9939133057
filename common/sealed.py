"""Where sealed values are kept. Rotating the keys finds them here; nothing else may hold one.

A column of its own is a `SealedField` and is found by itself. Sealed values inside a JSON column of somebody else's
table, and in files, are named by the app that puts them there, in its `ready`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

JSON_COLUMNS: set[tuple[str, str]] = set()
FILES: list[Callable[[], Path]] = []


class SealedField(models.TextField):
    """A text as `common.secrets.seal` gives it; empty when there is none."""

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """For migrations it is a text like any other."""
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.TextField", arguments, options


@dataclass(frozen=True)
class Column:
    """One column that holds sealed values, alone or somewhere inside JSON."""

    model: type[models.Model]
    name: str
    is_json: bool = False

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.model._meta.get_field(self.name).column}"  # type: ignore[union-attr]


def json_column(model: str, name: str) -> None:
    """Say that a JSON column holds sealed texts somewhere inside. model: `app.Model`."""
    JSON_COLUMNS.add((model, name))


def file(path: Callable[[], Path]) -> None:
    """Say that a file, where it exists, is one sealed value. path: asked each time."""
    FILES.append(path)


def columns() -> Iterator[Column]:
    """Every column with sealed values, of all apps."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedField):
                yield Column(model, field.name)
    for label, name in sorted(JSON_COLUMNS):
        yield Column(apps.get_model(label), name, is_json=True)
