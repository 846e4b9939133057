"""Middleware of the product itself."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from common.context import Handling, current


class RequestContext:
    """Give each request an id, kept in the ledger, in logs and in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        handling = Handling(request_id=uuid.uuid4().hex, address=request.META.get("REMOTE_ADDR", ""))
        token = current.set(handling)
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        response["X-Request-ID"] = handling.request_id
        return response
