"""What every app's API stands on: one error shape, cursor pages, ETags, strict JSON, view sets.

View sets only read; every change is an action of its own that calls a service. Who is asking and
what a key may do is settled by the settings (`people.authentication`, `people.permissions`).
"""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins, viewsets
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.request import Request
from rest_framework.response import Response

from common.rest.etags import Changeable, PreconditionRequired, etag_of, expected_version
from common.rest.pagination import CursorPages
from common.rest.serializers import Input, NamedOut, Output, Seconds

__all__ = [
    "Changeable",
    "CursorPages",
    "Input",
    "NamedOut",
    "Output",
    "PreconditionRequired",
    "ReadViewSet",
    "Seconds",
    "ViewSet",
    "etag_of",
    "expected_version",
]


class ViewSet(Changeable, viewsets.GenericViewSet):
    """A resource whose rows are found by `get_queryset()`: what a person may not see is 404.

    Filters, ordering and search come from `filterset_fields`, `ordering_fields`, `search_fields`.
    """

    pagination_class = CursorPages
    filter_backends = [DjangoFilterBackend, SearchFilter, OrderingFilter]
    ordering_fields: Any = ["created_at"]
    lookup_value_regex = "[^/]+"

    @property
    def by(self) -> Any:
        """The person or program that asks, as services want it."""
        return self.request.user

    def answer(self, row: Any, status: int = 200) -> Response:
        """One row as the API shows it."""
        return Response(self.get_serializer(row).data, status=status)

    def checked(self, serializer_class: type[Any], request: Request, **options: Any) -> dict[str, Any]:
        """The values of the body. Raises ValidationError."""
        serializer = serializer_class(data=request.data, context=self.get_serializer_context(), **options)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ViewSet):
    """A resource with a list and its rows."""
