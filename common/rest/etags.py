"""Optimistic locking and fresh reads over HTTP, both by the ETag.

An ETag is `"<version>-<digest of the answer>"`, without the first part where a row has no version.
Reads compare the whole of it: what Holdfast computes (a proof, a state) may change while the row's
version stays, and a stale answer must never look fresh. A change compares the version alone.
"""

import re
from hashlib import sha256
from typing import Any

from django.http import HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import Stale

#: Also as a proxy that compresses hands it on (`W/`), and with the version alone.
OURS = re.compile(r'(?:W/)?"([0-9]{1,9})(?:-[0-9a-f]{16})?"')
#: What a 304 says again.
KEPT_HEADERS = ("ETag", "Cache-Control", "Vary", "Content-Language")


class PreconditionRequired(APIException):
    """A change that does not say which version it was made on."""

    status_code = 428
    default_code = "precondition_required"
    default_detail = _("Say which version you change: send its ETag as If-Match.")


def etag_of(row: Any) -> str:
    """What to send as If-Match to change a Versioned row as it is now."""
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
    found = OURS.fullmatch(given)
    if not found:
        raise Stale
    return int(found[1])


def seen_version(request: Request) -> int | None:
    """The same where If-Match may be left out: what is done to a row then does not ask for its version."""
    return expected_version(request) if request.headers.get("If-Match", "").strip() else None


class Tagged:
    """For every view of the API: answers carry an ETag, and a read that brings the newest one is answered with 304."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """The tag is made of the answer as it is sent, so it is added once that stands."""
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        is_read = request.method in {"GET", "HEAD"}
        if is_read and answer.status_code == 200:
            patch_cache_control(answer, private=True, no_cache=True)
        else:
            patch_cache_control(answer, no_store=True)
        if answer.streaming:
            return answer  # a file is sent as it is read, and changes seldom
        if answer.status_code < 300 and (is_read or _version_in(answer) is not None):
            answer.add_post_render_callback(lambda rendered: _tag(request, rendered))
        return answer


def _tag(request: Request, answer: Response) -> HttpResponseNotModified | None:
    """Add the ETag; the answer to take instead when the caller has it already."""
    digest, version = sha256(answer.content).hexdigest()[:16], _version_in(answer)
    answer["ETag"] = f'"{digest}"' if version is None else f'"{version}-{digest}"'
    if request.method not in {"GET", "HEAD"} or not _is_known(request, answer["ETag"]):
        return None
    unchanged = HttpResponseNotModified()
    for name in KEPT_HEADERS:
        if name in answer:
            unchanged[name] = answer[name]
    return unchanged


def _is_known(request: Request, etag: str) -> bool:
    """A read compares weakly, so that an answer that was compressed on its way counts too."""
    known = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    return etag in known or known == ["*"]


def _version_in(answer: Response) -> int | None:
    data = answer.data
    version = data.get("version") if isinstance(data, dict) else None
    return version if isinstance(version, int) else None
