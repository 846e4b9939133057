"""JSON as the product takes it: UTF-8, finite numbers, texts that the database can hold."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

#: Deeper than any input of ours; a guard against inputs made to exhaust the stack.
MAX_DEPTH = 32


class StrictJSONParser(BaseParser):
    """Refuses with a sentence what other parsers let through to fail later."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value. Raises ParseError for everything that is not plain JSON in UTF-8."""
        try:
            value = json.loads(stream.read().decode("utf-8"), parse_constant=_refuse_constant)
        except UnicodeDecodeError:
            raise ParseError(_("The body is not UTF-8.")) from None
        except (ValueError, RecursionError):
            raise ParseError(_("The body is not JSON.")) from None
        _check(value, MAX_DEPTH)
        return value


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(constant)


def _check(value: Any, depth: int) -> None:
    if depth == 0:
        raise ParseError(_("The body is nested too deeply."))
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ParseError(_("A number in the body is too large."))
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check(item, depth - 1)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ParseError(_("A text in the body contains a NUL character."))
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ParseError(_("A text in the body contains half a character."))
