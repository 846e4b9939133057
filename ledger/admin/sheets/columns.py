"""What a column of a sheet holds: how it is written into a cell, read back, and compared with what there is."""

import csv
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.sheets import Cell
from ledger.admin.fields import DurationField, in_words

NEWLINES = re.compile(r"\r\n?")
Label = str | Promise


@dataclass(frozen=True)
class Column:
    """One column. name: the row's attribute, and what the admin's `add_by` and `change_by` call it.

    is_required: a new row needs it.  is_late: it names rows of the same sheet, so it is written when all of them are
    there.  write: a service of its own, called with (row, value, by), where the admin's `change_by` does not know it.
    """

    name: str
    label: Label
    is_required: bool = False
    is_late: bool = False
    write: Callable[[Any, Any, Any], object] | None = None
    #: What an empty cell says. `KEPT`: it says nothing, as there is always something here.
    empty: Any = ""

    def reader(self, texts: Collection[str]) -> Callable[[str], Any]:
        """How to read a cell; `texts` are all there are, so that a column may look them up at once."""
        return self.read

    def read(self, text: str) -> Any:
        """The value. Raises ValidationError."""
        return text

    def of(self, row: Any) -> Any:
        """The value that a row has."""
        return getattr(row, self.name)

    def show(self, value: Any) -> str:
        """The value as people read it; `read` understands it, whatever the language."""
        return "" if value is None else str(value)

    def cell(self, value: Any) -> Cell:
        """The value as it goes into a file."""
        return self.show(value)

    def same(self, one: Any, other: Any) -> bool:
        """Whether two values say the same."""
        return bool(one == other)

    def headings(self) -> set[str]:
        """How the column may be called in a file: by its name, or by its label in any language."""
        return {folded(each) for each in (self.name, *in_every_language(self.label))}


class _Kept:
    """An empty cell that leaves everything as it is."""


KEPT = _Kept()


@dataclass(frozen=True)
class Text(Column):
    """Words. folds: `Ada` and `ada` are the same, as sign-in names are."""

    folds: bool = False

    def read(self, text: str) -> str:
        return plain(text)

    def same(self, one: Any, other: Any) -> bool:
        return self.key(one) == self.key(other)

    def key(self, value: str) -> str:
        """What two rows may not have in common."""
        return plain(value).lower() if self.folds else plain(value)


@dataclass(frozen=True)
class Number(Column):
    """A whole number."""

    empty: Any = KEPT

    def read(self, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise ValidationError(_("Give a whole number."))
        return int(text)

    def cell(self, value: Any) -> Cell:
        return int(value)


@dataclass(frozen=True)
class Day(Column):
    """A day, as 2026-12-31."""

    empty: Any = None

    def read(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(_("Give a day as 2026-12-31.")) from error

    def cell(self, value: Any) -> Cell:
        return value


@dataclass(frozen=True)
class Duration(Column):
    """A duration, as “2 h 30 min”."""

    empty: Any = None

    def read(self, text: str) -> timedelta | None:
        return DurationField(required=False).clean(text)

    def show(self, value: Any) -> str:
        return "" if value is None else in_words(value)

    def same(self, one: Any, other: Any) -> bool:
        return self.show(one) == self.show(other)


@dataclass(frozen=True)
class Choice(Column):
    """One of a few words, which a file may say in any language of the product."""

    choices: Iterable[tuple[str, Label]] = ()
    empty: Any = KEPT

    def read(self, text: str) -> str:
        return chosen(text, self.choices)

    def show(self, value: Any) -> str:
        return str(dict(self.choices).get(value, value))


@dataclass(frozen=True)
class Choices(Column):
    """Several of a few words, with semicolons between them."""

    choices: Iterable[tuple[str, Label]] = ()
    empty: Any = frozenset()

    def read(self, text: str) -> frozenset[str]:
        return frozenset(chosen(each, self.choices) for each in apart(text))

    def show(self, value: Any) -> str:
        return joined(str(label) for each, label in self.choices if each in value)

    def same(self, one: Any, other: Any) -> bool:
        return set(one) == set(other)


@dataclass(frozen=True)
class Flag(Column):
    """Yes or no."""

    empty: Any = KEPT
    answers: tuple[tuple[str, Label], ...] = field(
        default=(("yes", _("yes")), ("no", _("no")), ("true", "1"), ("false", "0")), repr=False
    )

    def read(self, text: str) -> bool:
        return chosen(text, self.answers) in {"yes", "true"}

    def show(self, value: Any) -> str:
        return str(dict(self.answers)["yes" if value else "no"])


def plain(text: str) -> str:
    """Without what a file cannot keep: the kind of line ends, and spaces around it."""
    return NEWLINES.sub("\n", text).strip()


def folded(text: str) -> str:
    """For comparing what people type."""
    return " ".join(text.split()).casefold()


def in_every_language(label: Label) -> set[str]:
    """What a label says in each language of the product."""
    said = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said.add(str(label))
    return said


def chosen(text: str, choices: Iterable[tuple[str, Label]]) -> str:
    """The choice that is meant. Raises ValidationError, which names all there are."""
    choices = list(choices)
    for value, label in choices:
        if folded(text) in {folded(value), *map(folded, in_every_language(label))}:
            return value
    words = ", ".join(str(label) for value, label in choices if value)
    raise ValidationError(_("“%(text)s” is none of: %(words)s.") % {"text": text, "words": words})


def apart(text: str) -> list[str]:
    """The parts of a cell with semicolons or line ends between them; a part that holds one is in quotation marks."""
    lines = csv.reader(plain(text).split("\n"), delimiter=";", skipinitialspace=True, strict=True)
    try:
        return [each.strip() for line in lines for each in line if each.strip()]
    except csv.Error as error:
        raise ValidationError(_("A quotation mark is missing here, or is one too many.")) from error


def joined(parts: Iterable[str]) -> str:
    """The parts as one cell, which `apart` takes apart again."""
    return "; ".join(f'"{each.replace(chr(34), chr(34) * 2)}"' if set(each) & set(';"') else each for each in parts)
