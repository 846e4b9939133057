"""A mail as it came, read: who wrote what, in answer to what, with which files. Pure, bounded, and never surprised.

What cannot be read of a mail is left out and said; the mail itself is kept as it came.
"""

import mimetypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

from common.text import safe_name
from incidents.mail.charsets import text_of
from incidents.mail.headers import addresses_in, all_of, first_of, ids_in, readable
from incidents.mail.hypertext import text_of_html

#: Of the head so much is read, and so many parts.
MOST_HEAD_BYTES = 256 * 1024
MOST_PARTS = 1000
#: Parts in parts cost by their depth times the length: with more than the first, only a beginning is read; with more
#: than the second, nothing.
NESTED, NESTED_TOO_DEEP = 50, 300
BEGINNING_BYTES = 1024 * 1024
TEXT_LENGTH = 200_000
NESTING = re.compile(rb"(?im)^content-type:\s*(multipart/|message/rfc822)")
HEAD_END = re.compile(rb"\r?\n\r?\n")
TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


class Unreadable(Exception):
    """It is built so that reading it would cost too much."""


@dataclass(frozen=True)
class Enclosed:
    """One file in a mail."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One mail, read.

    recipients: small letters.  answers: Message-IDs that it answers or follows, without brackets, the nearest first.
    text: all that was written, of the plain part where there is one.  left_out: how many parts were not looked at.
    """

    mail: "Message[str, str]"
    message_id: str
    sender: str
    sender_name: str
    subject: str
    recipients: tuple[str, ...]
    answers: tuple[str, ...]
    text: str = ""
    files: tuple[Enclosed, ...] = field(default=(), repr=False)
    left_out: int = 0


def read_head(raw: bytes) -> Letter:
    """Who wrote it and about what, without looking at what is in it. Never raises."""
    end = HEAD_END.search(raw[:MOST_HEAD_BYTES])
    head = raw[: end.end()] if end else raw[:MOST_HEAD_BYTES]
    return _of_head(message_from_bytes(head, policy=policy.compat32))


def read(raw: bytes) -> Letter:
    """All of it. Raises Unreadable."""
    nested = sum(1 for _each in NESTING.finditer(raw))
    if nested > NESTED_TOO_DEEP:
        raise Unreadable
    mail = message_from_bytes(_bounded(raw, nested), policy=policy.compat32)
    head = _of_head(mail)
    parts, left_out = _parts(mail)
    plain, pages, files = _sorted(parts)
    text = "\n\n".join(filter(None, plain)) or "\n\n".join(filter(None, map(text_of_html, pages)))
    return Letter(
        mail=mail,
        message_id=head.message_id,
        sender=head.sender,
        sender_name=head.sender_name,
        subject=head.subject,
        recipients=head.recipients,
        answers=head.answers,
        text=text[:TEXT_LENGTH],
        files=tuple(files),
        left_out=left_out,
    )


def safely(read_it: Callable[[], Any], otherwise: Any) -> Any:
    """What the library says of a part; it trips over some that are broken in ways that nobody foresaw."""
    try:
        return read_it()
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
        return otherwise


def _bounded(raw: bytes, nested: int) -> bytes:
    end = HEAD_END.search(raw)
    if end is None or end.end() > MOST_HEAD_BYTES:
        body = raw[end.end() :] if end else b""
        raw = raw[:MOST_HEAD_BYTES].rpartition(b"\n")[0] + b"\n\n" + body
    return raw[:BEGINNING_BYTES] if nested > NESTED else raw


def _of_head(mail: "Message[str, str]") -> Letter:
    senders = addresses_in(all_of(mail, "From")) or addresses_in(all_of(mail, "Sender"))
    name, address = senders[0] if senders else ("", "")
    recipients = addresses_in(value for header in TO for value in all_of(mail, header))
    answered = [
        *all_of(mail, "In-Reply-To"),
        *(" ".join(reversed(each.split())) for each in all_of(mail, "References")),
    ]
    ids = ids_in([first_of(mail, "Message-ID")])
    return Letter(
        mail=mail,
        message_id=ids[0] if ids else "",
        sender=address[:254],
        sender_name=name,
        subject=readable(first_of(mail, "Subject"), 250),
        recipients=tuple(address for _name, address in recipients),
        answers=tuple(ids_in(answered)),
    )


def _parts(mail: "Message[str, str]") -> "tuple[list[Message[str, str]], int]":
    """Everything that is no multipart, in order; a mail in the mail is one thing. And how many were left out."""
    found: list[Message[str, str]] = []
    left_out = 0
    for part in _leaves(mail):
        if len(found) < MOST_PARTS:
            found.append(part)
        else:
            left_out += 1
    return found, left_out


def _leaves(mail: "Message[str, str]") -> "Iterator[Message[str, str]]":
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        inside = part.get_payload()
        if isinstance(inside, list) and safely(part.get_content_maintype, "") == "multipart":
            waiting.extend(each for each in reversed(inside) if isinstance(each, Message))
        else:
            yield part


def _sorted(parts: "list[Message[str, str]]") -> tuple[list[str], list[str], list[Enclosed]]:
    """Plain texts, pages and files."""
    plain: list[str] = []
    pages: list[str] = []
    files: list[Enclosed] = []
    for number, part in enumerate(parts, start=1):
        kind = safely(part.get_content_type, "application/octet-stream")
        name = readable(str(safely(part.get_filename, "") or ""), 250)
        is_file = bool(name) or safely(part.get_content_disposition, None) == "attachment"
        if kind in ("text/plain", "text/html") and not is_file:
            charset = str(safely(part.get_content_charset, "") or "")
            (plain if kind == "text/plain" else pages).append(text_of(_content(part), charset).strip())
        elif kind not in ("message/delivery-status", "text/rfc822-headers"):
            content = _content(part)
            files += [Enclosed(_named(name, kind, number), content)] if content else []
    return plain, pages, files


def _content(part: "Message[str, str]") -> bytes:
    inside = part.get_payload()
    if isinstance(inside, list):  # a mail in the mail
        mails = [each for each in inside if isinstance(each, Message)]
        whole: bytes = safely(lambda: b"\n".join(bytes(each) for each in mails), b"")
        return whole
    content = safely(lambda: part.get_payload(decode=True), b"")
    return content if isinstance(content, bytes) else b""


def _named(name: str, kind: str, number: int) -> str:
    ending = ".eml" if kind == "message/rfc822" else (mimetypes.guess_extension(kind) or "")
    return safe_name(name, otherwise=f"part-{number}{ending}")
