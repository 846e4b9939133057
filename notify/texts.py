"""The texts of messages: templates in the reader's language, plain text that no mail can trip over."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, Protocol

from django.template import Context, TemplateDoesNotExist, loader
from django.utils import timezone, translation
from django.utils.translation import ngettext, pgettext

from common.secrets import mask
from notify.events import named, written

#: A plain name in braces. Nothing in it is ever carried out.
PLACEHOLDER = re.compile(r"\{([^{}\n]{0,60})\}")
SUBJECT_LENGTH = 250
BODY_LENGTH = 100_000


class OwnTexts(Protocol):
    """A subject and a body that the organisation wrote."""

    subject: str
    body: str


def render(
    kind: str, language: str, zone: tzinfo, context: Mapping[str, Any], own: Mapping[str, OwnTexts] | None = None
) -> tuple[str, str]:
    """Subject and body of a kind of message, times in the reader's zone.

    own: the organisation's own texts by language; a language without one takes the product's.
    Raises TemplateDoesNotExist for a kind without texts.
    """
    mine = own.get(language) if own else None
    with translation.override(language), timezone.override(zone):
        if mine is not None:
            values = written(named(kind, context))
            subject, body = fill(mine.subject, values), fill(mine.body, values)
        else:
            subject = _plain(f"notify/{kind}.subject.txt", context)
            body = _plain(f"notify/{kind}.body.txt", context)
    return finished(subject, body)


def with_reason(body: str, language: str, absent: Sequence[str]) -> str:
    """The body, and below it why a substitute reads it. absent: the names of those who are away."""
    if not absent:
        return body
    with translation.override(language):
        names = pgettext("between two facts", ", ").join(absent)
        said = ngettext(
            "You are told because you act for %(names)s, who is away.",
            "You are told because you act for %(names)s, who are away.",
            len(absent),
        )
        return f"{body[: BODY_LENGTH - 1000]}\n\n{said % {'names': one_line(names, 500)}}"


def finished(subject: str, body: str) -> tuple[str, str]:
    """As it is stored and sent: secrets masked, the subject on one line, nothing that no reader can see."""
    return one_line(mask(subject), SUBJECT_LENGTH), _readable(mask(body)).strip()[:BODY_LENGTH]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in place of its placeholders. What a value holds is not looked at again."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1].strip(), ""), text)


def placeholders_in(text: str) -> list[str]:
    """What stands in braces, in the order of the text."""
    return [name.strip() for name in PLACEHOLDER.findall(text)]


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
    template = loader.get_template(name).template  # type: ignore[attr-defined]  # Django's own engine has it
    return str(template.render(Context(dict(context), autoescape=False)))


def _readable(text: str) -> str:
    """Without what no reader can see: control and bidi characters, halves of characters."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
