"""Optimistic locking over HTTP: the ETag is the row's version, a change names the version it saw."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import Stale


class PreconditionRequired(APIException):
    """A change that does not say which version it was made on."""

    status_code = 428
    default_code = "precondition_required"
    default_detail = _("Say which version you change: send its ETag as If-Match.")


def etag_of(row: Any) -> str:
    """The ETag of a Versioned row."""
    return f'"{row.version}"'


def expected_version(request: Request) -> int | None:
    """The version that the change was made on; None for `If-Match: *`.

    Give it to the service, which raises Stale when the row has moved on.
    Raises PreconditionRequired without If-Match, Stale when it is none of our ETags.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionRequired
    if given == "*":
        return None
    found = re.fullmatch(r'"([0-9]{1,9})"', given)
    if not found:
        raise Stale
    return int(found[1])


class Changeable:
    """For views of Versioned rows whose output has `version`: answers about one row carry its ETag.

    A change asks `expected_version(request)` and hands the number to its service.
    """

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Add the ETag when the answer is one row with its version."""
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        data = getattr(answer, "data", None)
        if answer.status_code < 300 and isinstance(data, dict) and isinstance(data.get("version"), int):
            answer["ETag"] = f'"{data["version"]}"'
        return answer
