"""Lists in pages that stay right while rows are added: by cursor, never by number."""

from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from django.core import signing
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView


class CursorPages(CursorPagination):
    """`?page_size=` up to 200; `next` and `previous` are whole addresses.

    Cursors are signed together with their ordering, so that what reaches the database is our own.
    Order only by columns that are never null.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-created_at"
    invalid_cursor_message: Any = _("This page address is not valid any more. Start from the first page.")

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        """Remembers the ordering before the cursor is read."""
        self._salt = ",".join(self.get_ordering(request, queryset, cast(APIView, view)))
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor of the request. Raises NotFound when it is not one of ours, or of another ordering."""
        encoded = request.query_params.get(self.cursor_query_param)
        if encoded is None:
            return None
        try:
            tokens = dict(parse_qsl(signing.loads(encoded, salt=self._salt), keep_blank_values=True))
        except signing.BadSignature:
            raise NotFound(self.invalid_cursor_message) from None
        return Cursor(offset=int(tokens["o"]), reverse=tokens["r"] == "1", position=tokens.get("p"))

    def encode_cursor(self, cursor: Cursor) -> str:
        """The address of the page at the cursor."""
        tokens: dict[str, str] = {"o": str(cursor.offset), "r": str(int(cursor.reverse))}
        if cursor.position is not None:
            tokens["p"] = str(cursor.position)
        encoded = signing.dumps(urlencode(tokens), salt=self._salt)
        return replace_query_param(str(self.base_url), self.cursor_query_param, encoded)
