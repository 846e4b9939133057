"""What a reader of a list may ask, and the refusal of everything else: nothing is ignored in silence.

A misspelt filter that is ignored answers the whole list, and a program acts on rows that it never meant.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.fields import ChoiceField, IsoDateTimeField, MultipleChoiceField
from django_filters.filterset import filterset_factory
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend, SearchFilter
from rest_framework.request import Request

LONGEST_SEARCH = 200
LONGEST_VALUE = 1000


class OneOf(ChoiceField):
    """A value of several; the refusal says which there are."""

    def validate(self, value: Any) -> None:
        """Raises ValidationError naming what exists."""
        if value and not self.valid_value(value):
            raise forms.ValidationError(_must_be_one_of(str(key) for key, _label in self.choices if key != ""))


class SomeOf(MultipleChoiceField):
    """The same where a value may be given several times."""

    def validate(self, value: Any) -> None:
        """Raises ValidationError naming what exists."""
        if any(not self.valid_value(each) for each in value):
            raise forms.ValidationError(_must_be_one_of(str(key) for key, _label in self.choices))


class YesOrNo(forms.Field):
    """`true` or `false`, and no other word for it."""

    def to_python(self, value: Any) -> bool | None:
        """None when nothing was said."""
        if value in self.empty_values:
            return None
        if value not in {"true", "false"}:
            raise forms.ValidationError(_must_be_one_of(["true", "false"]))
        return bool(value == "true")


class Moment(IsoDateTimeField):
    """A time with its offset, handed on in UTC: the database takes fewer offsets than ISO 8601 can write."""

    def to_python(self, value: Any) -> Any:
        """None when nothing was said. Raises ValidationError where it is outside of what a calendar holds."""
        found = super().to_python(value)
        try:
            return found and found.astimezone(UTC)
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class ChoiceFilter(django_filters.ChoiceFilter):
    """One of the values that a column may hold."""

    field_class = OneOf

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", None)
        super().__init__(*args, **kwargs)


class MultipleChoiceFilter(django_filters.MultipleChoiceFilter):
    """Any of several values: the parameter may be repeated."""

    field_class = SomeOf

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("distinct", False)
        super().__init__(*args, **kwargs)


class BooleanFilter(django_filters.BooleanFilter):
    """True or false."""

    field_class = YesOrNo

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra.pop("widget", None)


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A time."""

    field_class = Moment


class CharFilter(django_filters.CharFilter):
    """A text, as it is stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("strip", False)
        kwargs.setdefault("max_length", LONGEST_VALUE)
        super().__init__(*args, **kwargs)


class Filters(FilterSet):
    """What every set of filters stands on. Rows of other resources are named by id and not looked up."""

    FILTER_DEFAULTS = {
        **FilterSet.FILTER_DEFAULTS,
        models.CharField: {"filter_class": CharFilter},
        models.TextField: {"filter_class": CharFilter},
        models.BooleanField: {"filter_class": BooleanFilter},
        models.DateTimeField: {"filter_class": MomentFilter},
        models.ForeignKey: {"filter_class": django_filters.UUIDFilter},
        models.OneToOneField: {"filter_class": django_filters.UUIDFilter},
        models.ManyToManyField: {"filter_class": django_filters.UUIDFilter, "extra": lambda field: {"distinct": True}},
    }

    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> tuple[type[Any] | None, dict[str, Any]]:
        """A column with choices takes nothing else."""
        if lookup_type == "exact" and getattr(field, "choices", None):
            return ChoiceFilter, {"choices": field.choices}
        if lookup_type == "in" and getattr(field, "choices", None):
            return MultipleChoiceFilter, {"choices": field.choices, "lookup_expr": "exact"}
        found: tuple[type[Any] | None, dict[str, Any]] = super().filter_for_lookup(field, lookup_type)
        return found


class FiltersBackend(DjangoFilterBackend):
    """Filters by `filterset_fields` or `filterset_class`; a value that makes no sense is refused."""

    filterset_base = Filters

    def get_filterset_class(self, view: Any, queryset: QuerySet[Any] | None = None) -> type[FilterSet] | None:
        """Made once for each view."""
        return filters_of(type(view))  # type: ignore[arg-type]  # a class is hashable


@cache
def filters_of(view_class: type[Any]) -> type[FilterSet] | None:
    """The filters of a list; None when it has none."""
    own = getattr(view_class, "filterset_class", None)
    named = getattr(view_class, "filterset_fields", None)
    if own is not None or not named:
        return own
    return filterset_factory(view_class.queryset.model, filterset=Filters, fields=named)


class Searching(SearchFilter):
    """`?search=` over `search_fields`: every word has to be found."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Raises ValidationError for a text that nobody would type."""
        if len(request.query_params.get(self.search_param, "")) > LONGEST_SEARCH:
            wrong = _("At most %(limit)s characters.") % {"limit": LONGEST_SEARCH}
            raise ValidationError({self.search_param: [wrong]})
        found: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return found

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Only where there is something to search."""
        if not getattr(view, "search_fields", None):
            return []
        return [_parameter(self.search_param, _("Words that have to be found."), {"maxLength": LONGEST_SEARCH})]


class Ordering(BaseFilterBackend):
    """`?ordering=` by one of the view's `ordering_fields`, `-` before it for the other direction."""

    param = "ordering"

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Raises ValidationError naming what exists."""
        wanted = request.query_params.get(self.param, view.default_ordering)
        if wanted not in orderings_of(view):
            raise ValidationError({self.param: [_must_be_one_of(orderings_of(view))]})
        return queryset.order_by(wanted)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """All orderings there are."""
        schema = {"enum": orderings_of(view), "default": view.default_ordering}
        return [_parameter(self.param, _("The column that the list is ordered by; `-` turns it round."), schema)]


def orderings_of(view: Any) -> list[str]:
    """What `?ordering=` takes."""
    return [sign + name for name in view.ordering_fields for sign in ("", "-")]


def check_parameters(request: Request, filters: type[FilterSet] | None, others: Sequence[str]) -> None:
    """Raises ValidationError for a parameter that the address does not have, or one given twice that counts once.

    filters: the filters of the list, if it has any.  others: names of the other parameters.
    """
    known = {name: _may_repeat(each) for name, each in filters.base_filters.items()} if filters else {}
    known |= dict.fromkeys(others, False)
    wrong = {}
    for name, values in request.query_params.lists():
        if name not in known:
            wrong[name] = [_no_such_parameter(known)]
        elif len(values) > 1 and not known[name]:
            wrong[name] = [_("Give this parameter once.")]
    if wrong:
        raise ValidationError(wrong)


def _may_repeat(each: Any) -> bool:
    return isinstance(each, django_filters.MultipleChoiceFilter)


def _no_such_parameter(known: Iterable[str]) -> str:
    if names := sorted(known):
        return _("There is no such parameter. There are: %(names)s.") % {"names": ", ".join(names)}
    return _("This address takes no parameters.")


def _must_be_one_of(values: Iterable[str]) -> str:
    return _("This must be one of: %(values)s.") % {"values": ", ".join(values)}


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }
