"""Refusals as pages in words; below /api/ the same in the API's shape."""

import logging
import sys
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import DiskFull

from common.context import current
from common.errors import DomainError
from common.rest.errors import refusal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """What a page says about one kind of refusal."""

    status: int
    code: str
    title: str | Promise
    message: str | Promise


UNREADABLE = Page(
    400, "unreadable", _("This request cannot be read"), _("Go back, check what you entered and send it again.")
)
FORBIDDEN = Page(403, "not_allowed", _("This is not open to you"), _("Your role does not allow this."))
FORGED = Page(
    403,
    "csrf_failed",
    _("This form has expired"),
    _("Your browser sent no valid token with it. Go back, load the page again and send the form once more."),
)
NOTHING = Page(404, "not_found", _("There is nothing here"), _("It does not exist, or it is not open to you."))
TOO_LARGE = Page(
    413, "too_large", _("This is too large"), _("The server does not take that much at once. Nothing was stored.")
)
FILES_TOO_LARGE = Page(
    413,
    "too_large",
    _("This is too large"),
    _(
        "A file may have at most 25 MB, and all that are sent at once 40 MB. Nothing was stored. Go back: what you"
        " typed is still there. Leave something out, or send a smaller one."
    ),
)
NOT_UTF8 = Page(415, "unsupported_charset", _("This request cannot be read"), _("Send text as UTF-8."))
TOO_MANY = Page(
    429, "too_many_requests", _("Too many attempts"), _("Wait a few minutes, then try again. Nothing was changed.")
)
BROKEN = Page(
    500,
    "server_error",
    _("Something broke on our side"),
    _("It was written to the log. Give the number below to an administrator."),
)
AWAY = Page(
    503,
    "database_away",
    _("The database does not answer"),
    _("Holdfast comes back by itself as soon as the database does. Try again in a minute."),
)
FULL = Page(
    507,
    "storage_full",
    _("The disk is full"),
    _("Nothing was stored. Holdfast goes on by itself as soon as there is room on the disk of its database."),
)


def show(request: HttpRequest, page: Page) -> HttpResponse:
    """The refusal as a page, or in the API's shape."""
    if request.path.startswith("/api/"):
        return refusal(page.status, page.code, str(page.message))
    context = {"status": page.status, "code": page.code, "heading": page.title, "message": page.message}
    return _render(request, page.status, context)


def show_domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """What a service refused, in its own words."""
    if request.path.startswith("/api/"):
        return refusal(error.status, error.code, error.message)
    title = NOTHING.title if error.status == 404 else FORBIDDEN.title if error.status == 403 else _("Not done")
    context = {"status": error.status, "code": error.code, "heading": title, "message": error.message}
    return _render(request, error.status, context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler400."""
    return show(request, UNREADABLE)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler403."""
    return show(request, FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Django's CSRF_FAILURE_VIEW."""
    return show(request, FORGED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler404."""
    return show(request, NOTHING)


def too_many_requests(request: HttpRequest) -> HttpResponseBase:
    """allauth's handler429."""
    return show(request, TOO_MANY)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Django's handler500: asks neither database nor session, because they may be what broke."""
    page = _page_of(sys.exc_info()[1])
    if request.path.startswith("/api/"):
        return refusal(page.status, page.code, str(page.message))
    context = {"status": page.status, "heading": page.title, "message": page.message}
    try:
        return _render(HttpRequest(), page.status, context)
    except Exception:  # a page about a failure must not fail, whatever is wrong with its template
        log.exception("the page about a failure failed")
        return HttpResponse(f"{page.title}\n", status=page.status, content_type="text/plain; charset=utf-8")


def _page_of(error: BaseException | None) -> Page:
    if not isinstance(error, (OperationalError, InterfaceError)):
        return BROKEN
    return FULL if isinstance(error.__cause__, DiskFull) else AWAY


def _render(request: HttpRequest, status: int, context: dict[str, Any]) -> HttpResponse:
    """With the shell where the request got as far as knowing its user."""
    context["request_id"] = current.get().request_id
    known = request if hasattr(request, "user") else None
    return HttpResponse(render_to_string("errors/error.html", context, request=known), status=status)
