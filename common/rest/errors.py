"""The one shape in which the API refuses: `{"code", "message", "fields"?, "changes"?, "request_id"}`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common.context import current
from common.errors import DomainError, Stale, Taken

Fields = Mapping[str, list[str]]


class TooLarge(exceptions.APIException):
    """A body that is larger than the server takes."""

    status_code = 413
    default_code = "too_large"


def body(code: str, message: str, fields: Fields | None = None) -> dict[str, Any]:
    """The shape itself. fields: {input: [sentence, …]}, only when inputs are named."""
    shape: dict[str, Any] = {"code": code, "message": message}
    if fields:
        shape["fields"] = dict(fields)
    shape["request_id"] = current.get().request_id
    return shape


def refusal(status: int, code: str, message: str) -> JsonResponse:
    """The shape for refusals that happen before or beside the API's views."""
    return JsonResponse(body(code, message), status=status)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None hands the error on: a defect of ours, answered with 500."""
    if isinstance(error, IntegrityError):
        error = Taken.by(error) or error
    if isinstance(error, DomainError):
        set_rollback()
        refused = body(error.code, error.message, error.fields)
        if isinstance(error, Stale) and error.changes:
            refused["changes"] = error.changes
        return Response(refused, status=error.status)
    api_error = _as_api_error(error)
    if api_error is None:
        return None
    set_rollback()
    code, message, fields = _words(api_error)
    return Response(body(code, message, fields), status=api_error.status_code, headers=_headers(api_error))


def is_nul_refusal(error: Exception) -> bool:
    """Whether the database driver refused a text with a NUL byte that got past forms and parsers."""
    return isinstance(error, ValueError) and "NUL (0x00)" in str(error)


def _as_api_error(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound(_("There is nothing here."))
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return TooLarge(_("This is more than the server takes at once."))
    if isinstance(error, DjangoValidationError):
        return exceptions.ValidationError(getattr(error, "message_dict", None) or error.messages)
    if isinstance(error, (SuspiciousOperation, BadRequest)) or is_nul_refusal(error):
        return exceptions.ParseError(_("The request cannot be read."))
    return None


def _words(error: exceptions.APIException) -> tuple[str, str, Fields]:
    if isinstance(error, exceptions.ValidationError):
        fields: dict[str, list[str]] = {}
        for name, sentence in _flat(error.detail):
            fields.setdefault(name or "non_field_errors", []).append(sentence)
        return "invalid", _("Something in this request is not right. Nothing was changed."), fields
    detail = error.detail
    code = detail.code if isinstance(detail, exceptions.ErrorDetail) else error.default_code
    return str(code), str(detail), {}


def _flat(detail: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested errors as pairs of a dotted name (`steps.0.title`) and a sentence."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            leaf = isinstance(inner, str)
            yield from _flat(inner, name if leaf else f"{name}.{number}" if name else str(number))
    else:
        yield name, str(detail)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers
