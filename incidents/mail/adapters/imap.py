"""A mailbox by IMAP. All that the server says is hostile: bounded in size and time, and never trusted as text.

The connection goes to an address that was checked, as every outgoing one (`common.outgoing`).
"""

import base64
import imaplib
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from common.errors import DomainError
from common.outgoing import AddressRefused, Deadline, NoAnswer, Target, checked, connect, no_answer, secured, trusted
from common.secrets import MASK
from incidents.mail.choices import Security, Trouble

#: Whatever the server does, one visit ends.
DEADLINE_SECONDS = 90.0
#: How long one answer may take.
ANSWER_SECONDS = 20.0
#: More bytes than this are not taken in answer to one question, apart from the mail that was asked for.
MOST_ANSWER_BYTES = 2 * 1024 * 1024
SAID_LENGTH = 300
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,12})\b")
_NUMBERS = re.compile(rb"\d{1,10}")


class MailboxTrouble(Exception):
    """The mailbox could not be read. `why` says it in words, `said` what the other side said."""

    def __init__(self, why: Trouble, said: str = "") -> None:
        super().__init__(f"{why.label} {said}".strip())
        self.why = why
        self.said = " ".join(said.split())[:SAID_LENGTH]


@dataclass(frozen=True)
class Place:
    """Where mails lie, and how to get there."""

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str


@dataclass(frozen=True)
class Listed:
    """One mail of the folder, not fetched yet. arrived_at: by the server's clock; None where it does not say."""

    uid: int
    size_bytes: int
    arrived_at: datetime | None


class Visit:
    """An open folder. Every method raises MailboxTrouble, and none after the visit has ended."""

    def __init__(self, server: "_Server", deadline: Deadline) -> None:
        self._server, self._deadline = server, deadline
        self.uid_validity = 0
        self._can = ""

    def open(self, place: Place) -> None:
        """Sign in and open the folder."""
        if place.security == Security.STARTTLS:
            if "STARTTLS" not in self._server.capabilities:
                raise MailboxTrouble(Trouble.NO_STARTTLS)
            self._said(lambda: self._server.starttls(trusted()))
        self._sign_in(place)
        self._can = self._capabilities()
        try:
            self._ask(lambda: self._server.select(_quoted(place.folder)), Trouble.NO_FOLDER)
        except imaplib.IMAP4.readonly as error:
            raise MailboxTrouble(Trouble.NO_FOLDER, _text(error)) from error
        found = self._server.response("UIDVALIDITY")[1]
        numbers = _NUMBERS.findall(found[0] or b"") if found else []
        if not numbers:
            raise MailboxTrouble(Trouble.NOT_IMAP, "no UIDVALIDITY")
        self.uid_validity = int(numbers[0])

    def listed(self, *, after_uid: int, since: datetime, most: int) -> list[Listed]:
        """The next mails behind a number that arrived on this day or later, the oldest first."""
        day = since.astimezone(UTC)
        words = (f"{after_uid + 1}:*", f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year}")
        found = self._ask(lambda: self._server.uid("SEARCH", "UID", words[0], "SINCE", words[1]))
        # The star is the last mail, whatever its number: it comes again when nothing is behind it.
        uids = sorted({int(each) for line in found if line for each in _NUMBERS.findall(_bytes(line))})
        wanted = [uid for uid in uids if uid > after_uid][:most]
        return self._described(wanted) if wanted else []

    def fetch(self, uid: int, *, most_bytes: int) -> bytes | None:
        """The beginning of a mail, whole where it is not bigger. None: it is gone. The server does not mark it."""
        self._server.allow(most_bytes)
        found = self._ask(lambda: self._server.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{most_bytes}>)"))
        literals = [each[1] for each in found if isinstance(each, tuple) and len(each) > 1]
        return literals[0][:most_bytes] if literals else None

    def mark(self, uids: list[int], *, folder: str = "") -> None:
        """Say that these are taken: marked as read, and moved where there is a folder for it. Twice is once."""
        chosen = ",".join(str(uid) for uid in uids)
        self._ask(lambda: self._server.uid("STORE", chosen, "+FLAGS.SILENT", r"(\Seen)"))
        if not folder:
            return
        if "MOVE" in self._can.split():
            self._ask(lambda: self._server.uid("MOVE", chosen, _quoted(folder)), Trouble.NO_FOLDER)
            return
        self._ask(lambda: self._server.uid("COPY", chosen, _quoted(folder)), Trouble.NO_FOLDER)
        self._ask(lambda: self._server.uid("STORE", chosen, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self._can.split():
            self._ask(lambda: self._server.uid("EXPUNGE", chosen))
        else:
            self._ask(self._server.expunge)

    def has(self, folder: str) -> bool:
        """Whether there is such a folder."""
        found = self._ask(lambda: self._server.list('""', _quoted(folder)))
        return any(each for each in found)

    def _sign_in(self, place: Place) -> None:
        self._server.allow(0)
        try:
            if "AUTH=PLAIN" in self._server.capabilities or not f"{place.user}{place.password}".isascii():
                self._server.authenticate("PLAIN", lambda _asked: _plain(place))
            else:  # the library quotes the password, and not the name
                self._server.login(_escaped(place.user), place.password)
        except imaplib.IMAP4.abort as error:
            raise MailboxTrouble(self._network(error).why, _text(error)) from error
        except imaplib.IMAP4.error as error:
            # Servers that did not understand it repeat parts of it.
            said = "" if "BAD" in _text(error) else _text(error).replace(place.password, MASK)
            raise MailboxTrouble(Trouble.SIGN_IN, said) from error
        except (OSError, ValueError) as error:
            raise self._network(error) from error

    def _capabilities(self) -> str:
        return b" ".join(_bytes(each) for each in self._ask(self._server.capability)).decode(errors="replace").upper()

    def _described(self, uids: list[int]) -> list[Listed]:
        chosen = ",".join(str(uid) for uid in uids)
        found = self._ask(lambda: self._server.uid("FETCH", chosen, "(UID RFC822.SIZE INTERNALDATE)"))
        listed = {}
        for each in found:
            line = _bytes(each[0] if isinstance(each, tuple) else each or b"")
            if (uid := _UID.search(line)) and (size := _SIZE.search(line)):
                listed[int(uid[1])] = Listed(int(uid[1]), int(size[1]), _moment(line))
        return [listed[uid] for uid in uids if uid in listed]

    def _ask(self, question: Any, refused: Trouble = Trouble.NOT_IMAP) -> list[Any]:
        """What the server answers. A no, or nonsense, is trouble."""
        answer: tuple[str, list[Any]] = self._said(question)
        if answer[0] != "OK":
            raise MailboxTrouble(refused, " ".join(_text(each) for each in answer[1] if each))
        return answer[1]

    def _said(self, question: Any) -> Any:
        self._server.allow(0)
        try:
            said = question()
        except imaplib.IMAP4.readonly:
            raise
        except imaplib.IMAP4.abort as error:
            trouble = self._network(error)
            why = trouble.why if trouble.why == Trouble.LATE else Trouble.NOT_IMAP
            raise MailboxTrouble(why, _text(error)) from error
        except imaplib.IMAP4.error as error:
            raise MailboxTrouble(Trouble.NOT_IMAP, _text(error)) from error
        except (OSError, ValueError, AttributeError, TypeError, IndexError, KeyError) as error:
            # The library trips over answers that no server gives.
            raise self._network(error) from error
        if self._deadline.is_over:
            raise MailboxTrouble(Trouble.LATE)
        return said

    def _network(self, error: BaseException) -> MailboxTrouble:
        if isinstance(error, OSError | imaplib.IMAP4.abort) or self._deadline.is_over:
            found = no_answer(error, is_late=self._deadline.is_over)
            return MailboxTrouble(Trouble(found.why.value), _text(error))
        return MailboxTrouble(Trouble.NOT_IMAP, type(error).__name__)


@contextmanager
def visit(place: Place, *, deadline_seconds: float = DEADLINE_SECONDS) -> Iterator[Visit]:
    """Sign in and open the folder. Raises MailboxTrouble, whatever is wrong; ends at the deadline."""
    with Deadline(deadline_seconds) as deadline:
        server = _connected(place, deadline)
        try:
            visit = Visit(server, deadline)
            visit.open(place)
            yield visit
        finally:
            with suppress(OSError, imaplib.IMAP4.error, ValueError, AttributeError):
                server.say_goodbye()


def _connected(place: Place, deadline: Deadline) -> "_Server":
    try:
        return _Server(place, deadline)
    except (AddressRefused, DomainError) as refusal:
        raise MailboxTrouble(Trouble.REFUSED_ADDRESS, str(refusal.message)) from refusal
    except NoAnswer as error:
        raise MailboxTrouble(Trouble(error.why.value), str(error)) from error
    except imaplib.IMAP4.error as error:
        late = deadline.is_over
        raise MailboxTrouble(Trouble.LATE if late else Trouble.NOT_IMAP, _text(error)) from error
    except OSError as error:
        found = no_answer(error, is_late=deadline.is_over)
        raise MailboxTrouble(Trouble(found.why.value), str(error)) from error


class _Server(imaplib.IMAP4):
    """The library's client on a socket of ours, which counts what the server sends."""

    def __init__(self, place: Place, deadline: Deadline) -> None:
        self._place, self._deadline = place, deadline
        self._left = MOST_ANSWER_BYTES
        super().__init__(place.host, place.port, ANSWER_SECONDS)

    def allow(self, more_bytes: int) -> None:
        """How much may come in answer to the next question: a little, and so much more."""
        self._left = MOST_ANSWER_BYTES + more_bytes

    def read(self, size: int) -> bytes:
        """Bytes of a literal, whose size the server chose."""
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        """One line; the library bounds each, and not how many come."""
        line = super().readline()
        self._count(len(line))
        return line

    def say_goodbye(self) -> None:
        """Leave, without waiting long for an answer."""
        self.sock.settimeout(2.0)
        self.logout()

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.abort("the answer is too long")

    def _create_socket(self, timeout: float | None) -> socket.socket:
        place = self._place
        line = connect(checked(Target("imap", place.host, place.port, "")), self._deadline, timeout)
        return secured(line, place.host) if place.security == Security.TLS else line


def _quoted(name: str) -> str:
    """A folder's name as IMAP writes it: in its own kind of UTF-7, between quotes."""
    return _escaped(_utf7(name))


def _escaped(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(name: str) -> str:
    pieces = re.split(r"([^\x20-\x7e]+)", name.replace("&", "&-"))
    return "".join(_shifted(each) if number % 2 else each for number, each in enumerate(pieces))


def _shifted(text: str) -> str:
    return "&" + base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"


def _plain(place: Place) -> bytes:
    return f"\0{place.user}\0{place.password}".encode()


def _moment(line: bytes) -> datetime | None:
    parts = imaplib.Internaldate2tuple(line)
    if parts is None:
        return None
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(time.mktime(parts), UTC)
    return None


def _bytes(each: Any) -> bytes:
    return each if isinstance(each, bytes) else str(each).encode(errors="replace")


def _text(said: Any) -> str:
    """What a server said, as it may be kept and shown."""
    if isinstance(said, BaseException):
        said = said.args[0] if said.args else ""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return "".join(sign if sign.isprintable() else " " for sign in text)[:SAID_LENGTH]
