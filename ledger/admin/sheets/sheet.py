"""What a list looks like as a file."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.sheets import Table
from ledger.admin.sheets.columns import Column, Text, folded

#: Of a row or of None, its values as they would be, and the names of those that differ: sentences by column.
Check = Callable[[Any, Mapping[str, Any], Collection[str]], Mapping[str, str]]
Key = tuple[str, ...]


class UnknownHeading(DomainError):
    """A column that would be ignored in silence."""

    code = "sheet_unknown_heading"
    status = 400
    template = _("No column here is called “%(heading)s”. Remove it or rename it; there are: %(headings)s.")


class SameColumnTwice(DomainError):
    """One column under two of its names."""

    code = "sheet_same_column_twice"
    status = 400
    template = _("“%(heading)s” and “%(other)s” are the same column. Keep one of them.")


class NoKeyColumn(DomainError):
    """Nobody can say which rows are meant."""

    code = "sheet_no_key_column"
    status = 400
    template = _("The column “%(heading)s” is missing: it says which row is meant.")


@dataclass(frozen=True)
class Sheet:
    """One list. key: the columns that together say which row is meant; the first of them is a Text.

    related, prefetched: what reading the columns needs.  only: rows that go into a file; the others are not part of
    the list.  check: what a file may not do although a form may.
    """

    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    related: tuple[str, ...] = ()
    prefetched: tuple[Any, ...] = ()
    only: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    check: Check | None = None

    def for_file(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that go into a file, with everything the columns read."""
        return self._with_all(self.only(queryset) if self.only else queryset)

    def column(self, name: str) -> Column:
        """By its name."""
        return next(each for each in self.columns if each.name == name)

    def columns_of(self, table: Table) -> list[Column]:
        """Which column stands where. Raises UnknownHeading, SameColumnTwice or NoKeyColumn."""
        by_heading = {heading: column for column in self.columns for heading in column.headings()}
        found: dict[str, str] = {}
        for heading in table.headings:
            column = by_heading.get(folded(heading))
            if column is None:
                raise UnknownHeading(heading=heading, headings=", ".join(str(each.label) for each in self.columns))
            if column.name in found:
                raise SameColumnTwice(heading=found[column.name], other=heading)
            found[column.name] = heading
        for name in self.key:
            if name not in found and self.column(name).is_required:
                raise NoKeyColumn(heading=self.column(name).label)
        return [by_heading[folded(heading)] for heading in table.headings]

    def key_of(self, values: Mapping[str, Any]) -> Key:
        """What says which row is meant."""
        return tuple(self._part(name, values.get(name, self.column(name).empty)) for name in self.key)

    def matching(self, keys: Collection[Key]) -> dict[Key, list[Any]]:
        """The rows there are, by key, from one question to the database."""
        first = self.key[0]
        wanted = {key[0] for key in keys}
        said = Lower(first) if self._text(first).folds else F(first)
        found: dict[Key, list[Any]] = {}
        rows = self._with_all(self.model._default_manager.annotate(key_said=said))
        for row in rows.filter(key_said__in=wanted):
            found.setdefault(self.key_of({name: self.column(name).of(row) for name in self.key}), []).append(row)
        return found

    def _with_all(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related(*self.related).prefetch_related(*self.prefetched)

    def _part(self, name: str, value: Any) -> str:
        column = self.column(name)
        return column.key(value or "") if isinstance(column, Text) else column.show(value)

    def _text(self, name: str) -> Text:
        column = self.column(name)
        if not isinstance(column, Text):
            raise TypeError(f"The first part of a key is a text; {name} is none.")
        return column
