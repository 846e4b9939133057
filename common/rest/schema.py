"""The description of the API, in words for whoever calls it."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from drf_spectacular.utils import extend_schema


def operation(
    summary: str | Promise, *, gives: Any, takes: Any = None, more: str | Promise = ""
) -> Callable[[Any], Any]:
    """Describe one operation.

    summary: what it does, in a sentence for callers.  more: what else they should know.
    takes: the serializer of the body.  gives: that of the answer, or {status: serializer or None}.
    """
    return extend_schema(summary=summary, description=more, request=takes, responses=gives)  # type: ignore[arg-type]
