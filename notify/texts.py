"""The texts of messages: templates in the reader's language, plain text that no mail can trip over."""

import unicodedata
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from django.template import Context, TemplateDoesNotExist, loader
from django.utils import timezone, translation

from common.secrets import mask

SUBJECT_LENGTH = 250
BODY_LENGTH = 100_000


def render(kind: str, language: str, zone: tzinfo, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body of a kind of message, times in the reader's zone.

    Raises TemplateDoesNotExist for a kind without texts.
    """
    with translation.override(language), timezone.override(zone):
        subject = _plain(f"notify/{kind}.subject.txt", context)
        body = _plain(f"notify/{kind}.body.txt", context)
    return one_line(mask(subject), SUBJECT_LENGTH), _readable(mask(body)).strip()[:BODY_LENGTH]


def has_texts(kind: str) -> bool:
    """Whether the product has texts for this kind of message."""
    try:
        loader.get_template(f"notify/{kind}.subject.txt")
    except TemplateDoesNotExist:
        return False
    return True


def one_line(text: str, length: int) -> str:
    """The text on one line without control characters, cut with an ellipsis where it is too long."""
    line = " ".join(_readable(text).split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _plain(name: str, context: Mapping[str, Any]) -> str:
    """Rendered without HTML escapes: it is shown escaped on pages, and as it is in mails."""
    template = loader.get_template(name).template  # type: ignore[attr-defined]
    return str(template.render(Context(dict(context), autoescape=False)))


def _readable(text: str) -> str:
    """Without what no reader can see: control and bidi characters, halves of characters."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
