"""Lists in pages that stay right while rows are added and removed: by where a page ended, never by a count.

A page ends at one row: the value of the column that the list is ordered by, and the row's id. The
next page is what comes after that, so rows that appear or vanish meanwhile neither repeat others
nor hide them, and the thousandth page costs what the first did.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

SALT = "common.pages"
LARGEST = 200
USUAL = 50


@dataclass(frozen=True)
class Place:
    """The end of a page: value and id of one row, and whether the reader goes back from it."""

    value: str
    pk: str
    is_back: bool


class CursorPages(BasePagination):
    """`?page_size=` from 1 to 200; `next` and `previous` are whole addresses.

    Cursors are signed together with their ordering, so that what reaches the database is our own.
    Order only by columns that are never null and have an index.
    """

    page_size = USUAL
    page_size_query_param = "page_size"
    cursor_query_param = "cursor"

    def paginate_queryset(  # type: ignore[override]  # the place of a page is asked of a query, not of a list
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """The rows of one page. Raises ValidationError for a size or a cursor that cannot be."""
        self.ordering: str = _ordering_of(queryset)
        self.address = request.build_absolute_uri()
        size, place = self._size(request), self._place(request)
        is_back = place is not None and place.is_back
        found = list(_from(queryset, self.ordering, place)[: size + 1])
        has_more, rows = len(found) > size, found[:size]
        if is_back:
            rows.reverse()
        has_before, has_after = (has_more, True) if is_back else (place is not None, has_more)
        self.previous = self._link(rows[0], is_back=True) if rows and has_before else None
        self.next = self._link(rows[-1], is_back=False) if rows and has_after else None
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        """A page and its neighbours."""
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def _size(self, request: Request) -> int:
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdigit() and len(given) < 10 and 1 <= int(given) <= LARGEST):
            wrong = _("A whole number from 1 to %(largest)s.") % {"largest": LARGEST}
            raise ValidationError({self.page_size_query_param: [wrong]})
        return int(given)

    def _place(self, request: Request) -> Place | None:
        given = request.query_params.get(self.cursor_query_param)
        if given is None:
            return None
        try:
            value, pk, is_back = json.loads(signing.loads(given, salt=f"{SALT}:{self.ordering}"))
        except signing.BadSignature:
            wrong = _("This page address is not valid any more. Start from the first page.")
            raise ValidationError({self.cursor_query_param: [wrong]}) from None
        return Place(value, pk, is_back)

    def _link(self, row: Model, *, is_back: bool) -> str:
        field = row._meta.get_field(self.ordering.lstrip("-"))
        said = json.dumps([field.value_to_string(row), str(row.pk), is_back])  # type: ignore[union-attr]
        cursor = signing.dumps(said, salt=f"{SALT}:{self.ordering}")
        return replace_query_param(self.address, self.cursor_query_param, cursor)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """What a reader may say."""
        return [
            {
                "name": self.page_size_query_param,
                "in": "query",
                "required": False,
                "description": _("Rows on a page."),
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": self.page_size},
            },
            {
                "name": self.cursor_query_param,
                "in": "query",
                "required": False,
                "description": _("Where a page begins: taken from `next` or `previous`, never made up."),
                "schema": {"type": "string"},
            },
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A page, for the description of the API."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }


def first_page_of(address: str) -> str:
    """The same list from its beginning."""
    return remove_query_param(address, CursorPages.cursor_query_param)


def _ordering_of(queryset: QuerySet[Any]) -> str:
    """The one column of the list, as the ordering filter left it."""
    return str(queryset.query.order_by[0])


def _from(queryset: QuerySet[Any], ordering: str, place: Place | None) -> QuerySet[Any]:
    """The list from the place on, in the direction of reading."""
    column, is_descending = ordering.lstrip("-"), ordering.startswith("-")
    if place is not None and place.is_back:
        is_descending = not is_descending
    ends = [F(name).desc() if is_descending else F(name).asc() for name in (column, "pk")]
    ordered = queryset.order_by(*ends)
    if place is None:
        return ordered
    try:
        value = queryset.model._meta.get_field(column).to_python(place.value)
    except DjangoValidationError:
        return ordered.none()
    beyond = "lt" if is_descending else "gt"
    # The first condition is implied by the second: it is what lets the database begin in the index.
    return ordered.filter(
        Q(**{f"{column}__{beyond}e": value}),
        Q(**{f"{column}__{beyond}": value}) | Q(**{column: value, f"pk__{beyond}": place.pk}),
    )
