"""Middleware of the product itself, from the outermost to the innermost."""

import time
import uuid
from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError

from common import error_pages
from common.context import Handling, current
from common.errors import DomainError, Taken
from common.request_counts import count
from common.rest.errors import is_nul_refusal
from common.senders import settle

Answer = Callable[[HttpRequest], HttpResponse]

#: A body that is too large is read away up to here, so that the sender gets to read why; beyond it the line is cut.
DRAINED_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 64 * 1024
UTF8 = {"utf-8", "utf8"}


class RequestContext:
    """Give each request an id and the address it came from, kept in the ledger, in logs and in the answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        handling = Handling(request_id=uuid.uuid4().hex, address=settle(request.META))
        token, begun = current.set(handling), time.monotonic()
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        count(response.status_code, time.monotonic() - begun)
        response["X-Request-ID"] = handling.request_id
        return response


class ContentPolicy(CSPMiddleware):
    """The strict Content-Security-Policy, and the documented ones of `CONTENT_SECURITY_POLICY_OF_PATHS`."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The policy of the first path that the request's begins with, else the strict one."""
        if not report_only:
            for path, directives in settings.CONTENT_SECURITY_POLICY_OF_PATHS.items():
                if request.path_info.startswith(path):
                    return PolicyParts(config=directives)
        return super().get_policy_parts(request, response, report_only)


class ReadableRequests:
    """Refuse what cannot be read before anything reads it: too large, NUL bytes, other encodings than UTF-8."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = self._wrong_with(request)
        if page is None:
            return self.get_response(request)
        _drain(request)
        return error_pages.show(request, page)

    def _wrong_with(self, request: HttpRequest) -> error_pages.Page | None:
        limit, too_large = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, error_pages.TOO_LARGE
        if request.content_type == "multipart/form-data":
            limit, too_large = settings.UPLOAD_MAX_BYTES, error_pages.FILES_TOO_LARGE
        if _length(request) > limit:
            return too_large
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "%00" in query or "\0" in query:
            return error_pages.UNREADABLE
        if (request.content_params or {}).get("charset", "utf-8").lower() not in UTF8:
            return error_pages.NOT_UTF8
        return None


class Refusals:
    """What a service refuses in a page view becomes a page in words."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None leaves the exception to the next in line."""
        if isinstance(exception, IntegrityError):
            exception = Taken.by(exception) or exception
        if isinstance(exception, DomainError):
            return error_pages.show_domain_error(request, exception)
        if is_nul_refusal(exception):
            return error_pages.show(request, error_pages.UNREADABLE)
        return None


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _drain(request: HttpRequest) -> None:
    left = min(_length(request), DRAINED_BYTES)
    try:
        while left > 0 and (chunk := request.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
    except UnreadablePostError:
        return  # the sender has gone
