"""The head of a mail, read in bounded time however long and however broken it is.

The library's own reading of structured headers takes quadratic time on some of them, so only its plain parts are
used, on shortened text.
"""

import re
from collections.abc import Iterable
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from incidents.mail.charsets import text_of

#: What one header is read of.
LONGEST = 4000
#: So many of one name, and ids in them, are looked at.
MOST = 50
ID = re.compile(r"<([^<>\s]{1,300})>")
ADDRESS = re.compile(r"[^\s@<>\"(),:;\\]{1,128}@[^\s@<>\"(),:;\\]{1,190}")


def all_of(mail: "Message[str, str]", name: str) -> list[str]:
    """Every header of this name as it stands, the topmost first, each unfolded and shortened."""
    wanted = name.lower()
    found = (value for each, value in mail.raw_items() if each.lower() == wanted)
    return [_plain(value) for value, _number in zip(found, range(MOST), strict=False)]


def first_of(mail: "Message[str, str]", name: str) -> str:
    """The topmost of this name; empty where there is none."""
    return next(iter(all_of(mail, name)), "")


def readable(value: str, length: int) -> str:
    """A header as people read it: encoded words decoded, on one line, nothing that cannot be kept."""
    try:
        pieces = decode_header(value[:LONGEST])
    except (HeaderParseError, ValueError):  # broken Base64 in an encoded word
        pieces = [(value, None)]
    text = "".join(_piece(content, charset) for content, charset in pieces)
    return " ".join(text.split())[:length]


def ids_in(values: Iterable[str]) -> list[str]:
    """Message-IDs without their brackets, in order, each once."""
    return list(dict.fromkeys(found for value in values for found in ID.findall(value)))[:MOST]


def addresses_in(values: Iterable[str]) -> list[tuple[str, str]]:
    """(name, address in small letters) of each that is one."""
    found = []
    for name, address in getaddresses([value[:LONGEST] for value in values]):
        if ADDRESS.fullmatch(address):
            found.append((readable(name, 200), address.lower()))
    return found[:MOST]


def _plain(value: object) -> str:
    """Bytes that stand raw in a header, as many programs write them, are read like a body."""
    text = str(value)[: LONGEST * 2]
    if not text.isascii():
        text = text_of(text.encode("utf-8", "surrogateescape"))
    return " ".join(text.split())[:LONGEST]


def _piece(content: bytes | str, charset: str | None) -> str:
    return text_of(content, charset or "") if isinstance(content, bytes) else content
