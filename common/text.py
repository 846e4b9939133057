"""Text that comes from outside: what cannot be stored, or would play tricks in a log, is refused."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LINE_ENDS = re.compile(r"[\t\n\r\u2028\u2029]")
#: Control characters except tab and line ends, and halves of characters.
UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def safe_text(text: str) -> None:
    """A validator for forms, serializers and models. Raises ValidationError."""
    if UNSAFE.search(text):
        raise ValidationError(
            _("This holds characters that cannot be kept. Type it again as plain text."), code="unsafe"
        )


def safe_line(text: str) -> None:
    """The same for what stands on one line: names, titles, labels."""
    safe_text(text)
    if LINE_ENDS.search(text):
        raise ValidationError(_("This must be on one line."), code="unsafe")


def storable(text: str) -> str:
    """Text that nobody typed, such as an error of another program, as the database can keep it."""
    return UNSAFE.sub("\ufffd", text)


def safe_name(text: str, *, otherwise: str, length: int = 200) -> str:
    """A file's name as it may stand on a page and in a header: no folders, no control characters, not too long."""
    kept = "".join(sign for sign in text if unicodedata.category(sign)[0] != "C")
    kept = kept.replace("\\", "/").rpartition("/")[2].strip(" .")
    if len(kept) > length:
        stem, dot, ending = kept.rpartition(".")
        tail = f".{ending}" if dot and stem and len(ending) < 20 else ""
        kept = kept[: length - len(tail)] + tail
    return kept or otherwise
