"""What every app's API stands on: one error shape, cursor pages, ETags, kept answers, strict JSON, view sets.

View sets only read; every change is an action of its own that calls a service. Who is asking and
what a key may do is settled by the settings (`people.authentication`, `people.permissions`).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from django.utils.functional import Promise
from rest_framework import mixins, views, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import Stale
from common.models import Versioned
from common.rest.etags import PreconditionRequired, Tagged, etag_of, expected_version, seen_version
from common.rest.filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    Filters,
    FiltersBackend,
    MultipleChoiceFilter,
    Ordering,
    Searching,
    check_parameters,
    filters_of,
)
from common.rest.idempotency import key_of, once, shown_once
from common.rest.pagination import CursorPages
from common.rest.schema import operation
from common.rest.serializers import Input, NamedOut, Output, Seconds
from common.transactions import as_one

__all__ = [
    "ApiView",
    "BooleanFilter",
    "CharFilter",
    "ChoiceFilter",
    "CursorPages",
    "Filters",
    "Input",
    "MultipleChoiceFilter",
    "NamedOut",
    "Output",
    "PreconditionRequired",
    "ReadViewSet",
    "Seconds",
    "ViewSet",
    "etag_of",
    "expected_version",
    "operation",
    "seen_version",
    "shown_once",
]


class Conventions(Tagged):
    """What holds at every address of the API.

    `about` says in a sentence for its readers what is found here.
    """

    about: ClassVar[str | Promise] = ""
    #: Parameters in the query, beside those of a list.
    parameters: ClassVar[tuple[str, ...]] = ()
    #: Part of the address → the words that may stand there.
    words: ClassVar[dict[str, Sequence[str]]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Beyond who asks: no parameter is ignored, and a POST with a key is carried out once."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # of the view beside it
        if hasattr(self, str(request.method).lower()):
            self.check_query(request)
        if request.method == "POST" and (key := key_of(request)) is not None:
            self._wrap("post", lambda work: once(request, key, work, self.check_seen))

    def check_query(self, request: Request) -> None:
        """Raises ValidationError for parameters that this address does not have."""
        check_parameters(request, None, self.parameters)

    def check_seen(self) -> None:
        """What a kept answer is about is still there for the caller. Raises Http404 or PermissionDenied."""

    def _wrap(self, method: str, around: Callable[[Callable[[], Response]], Response]) -> None:
        """Let what the method does run inside of `around`, which is given the work to do."""
        work: Any = getattr(self, method, self.http_method_not_allowed)  # type: ignore[attr-defined]  # likewise
        setattr(self, method, lambda *args, **kwargs: around(partial(work, *args, **kwargs)))


class ApiView(Conventions, views.APIView):
    """One address that is no resource with rows."""


class ViewSet(Conventions, viewsets.GenericViewSet):
    """A resource whose rows are found by `get_queryset()`: what a person may not see is 404.

    Filters, ordering and search come from `filterset_fields`, `ordering_fields`, `search_fields`.
    `lists` and `shows` say for readers of the API what the list and one row are.
    """

    lists: ClassVar[str | Promise] = ""
    shows: ClassVar[str | Promise] = ""
    pagination_class = CursorPages
    filter_backends = [FiltersBackend, Searching, Ordering]
    search_fields: Any = ()
    #: What names a row in its address, where that is more than its id.
    row_by: ClassVar[str | Promise] = ""
    #: Actions of which there may be too many at once.
    limited: ClassVar[tuple[str, ...]] = ()
    #: Columns that are never null and have an index.
    ordering_fields: Any = ["created_at"]
    default_ordering = "-created_at"
    lookup_value_regex = "[^/]+"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """With If-Match, what is done to one row is done to the version that was seen."""
        method = str(request.method).lower()
        is_guarded = method in {"post", "delete"} and self.detail and request.headers.get("If-Match", "").strip()
        if is_guarded and issubclass(type(self).queryset.model, Versioned):  # type: ignore[union-attr]  # all have one
            self._wrap(method, partial(self._on_version, request))
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """What was made says where it is."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code == 201 and "Location" not in answer and "id" in (answer.data or {}):
            answer["Location"] = self.reverse_action("detail", args=[answer.data["id"]])
        return answer

    @property
    def by(self) -> Any:
        """The person or program that asks, as services want it."""
        return self.request.user

    def check_query(self, request: Request) -> None:
        """Only a list takes more than nothing."""
        if self.action != "list":
            super().check_query(request)
            return
        pages = [CursorPages.page_size_query_param, CursorPages.cursor_query_param]
        others = [*pages, Ordering.param, *(["search"] if self.search_fields else []), *self.parameters]
        check_parameters(request, filters_of(type(self)), others)

    def check_seen(self) -> None:
        """The row, if it is one that the address names."""
        if self.detail:
            self.get_object()

    def answer(self, row: Any, status: int = 200) -> Response:
        """One row as the API shows it."""
        return Response(self.get_serializer(row).data, status=status)

    @as_one()
    def _on_version(self, request: Request, work: Callable[[], Response]) -> Response:
        """Raises Stale when the row has moved on. The row is locked, so it cannot before the work is done."""
        row, version = self.get_object(), expected_version(request)
        locked = type(row)._base_manager.select_for_update().filter(pk=row.pk)
        if version is not None and not any(each.version == version for each in locked):
            raise self.stale(row, version)
        return work()

    def stale(self, row: Any, version: int) -> Stale:
        """The refusal of a change of a row that has moved on; rooms that know what became of it say so."""
        return Stale()

    def checked(self, serializer_class: type[Any], request: Request, **options: Any) -> dict[str, Any]:
        """The values of the body. Raises ValidationError."""
        serializer = serializer_class(data=request.data, context=self.get_serializer_context(), **options)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ViewSet):
    """A resource with a list and its rows."""
