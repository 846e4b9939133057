"""Columns that name other rows, all of them looked up at once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ledger.admin.sheets.columns import Column, apart, joined


@dataclass(frozen=True)
class Named:
    """Rows that a file names. by: the columns that may name one, the first of which is written into files.

    folds: in any case of the letters.
    """

    model: type[models.Model]
    by: tuple[str, ...] = ("name",)
    folds: bool = False

    def find(self, names: Collection[str]) -> Callable[[str], Any]:
        """How to get the row of one of these names; all are asked for at once. It raises ValidationError."""
        found: dict[str, Any] = {}
        wanted = {self._key(name) for name in names}
        for column in reversed(self.by):
            said = Lower(column) if self.folds else models.F(column)
            rows = self.model._default_manager.annotate(said=said).filter(Q(said__in=wanted) & ~Q(said=""))
            # What a row is called first goes before what another one is called second.
            found |= {self._key(getattr(row, column)): row for row in rows}
        return lambda name: self._one(found, name)

    def name_of(self, row: Any) -> str:
        """What a file calls it."""
        return str(getattr(row, self.by[0]))

    def _one(self, found: dict[str, Any], name: str) -> Any:
        try:
            return found[self._key(name)]
        except KeyError:
            lists = self.model._meta.verbose_name_plural
            said = _("“%(name)s” was not found among: %(list)s.") % {"name": name, "list": lists}
            raise ValidationError(said) from None

    def _key(self, name: str) -> str:
        return name.lower() if self.folds else name


@dataclass(frozen=True)
class Reference(Column):
    """Another row."""

    named: Named | None = None
    empty: Any = None

    def reader(self, texts: Collection[str]) -> Callable[[str], Any]:
        return _of(self).find(texts)

    def show(self, value: Any) -> str:
        return "" if value is None else _of(self).name_of(value)


@dataclass(frozen=True)
class References(Column):
    """All the other rows, with semicolons between them. get: which they are, where no attribute says so."""

    named: Named | None = None
    get: Callable[[Any], Collection[Any]] | None = None
    empty: Any = ()

    def reader(self, texts: Collection[str]) -> Callable[[str], Any]:
        names: set[str] = set()
        for text in texts:
            try:
                names |= set(apart(text))
            except ValidationError:
                continue  # said where the cell is read
        find = _of(self).find(names)
        return lambda text: tuple(find(name) for name in apart(text))

    def of(self, row: Any) -> Any:
        return tuple(self.get(row)) if self.get else super().of(row)

    def show(self, value: Any) -> str:
        return joined(sorted(_of(self).name_of(each) for each in value))

    def same(self, one: Any, other: Any) -> bool:
        return {each.pk for each in one} == {each.pk for each in other}


def _of(column: Reference | References) -> Named:
    if column.named is None:
        raise ValueError(f"The column {column.name} does not say what it names.")
    return column.named
