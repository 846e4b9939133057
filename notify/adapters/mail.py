"""E-mail by SMTP. One message, one recipient, and an end to waiting whatever the server does."""

import smtplib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from socket import SHUT_RDWR
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from common.outgoing import no_answer
from notify.adapters.refusals import NotSent, Taken
from notify.adapters.safe import covered
from notify.choices import Outcome

#: A server may answer slowly; one that only drips is cut off before the lease of the delivery ends.
DEADLINE_SECONDS = 45.0
#: What saying goodbye may take once the mail is accepted.
GOODBYE_SECONDS = 2.0
PERMANENT_FROM = 500
#: What is a reply of SMTP; libraries say -1 where the server hung up.
CODES = range(100, 600)


@dataclass(frozen=True)
class Mail:
    """What is sent. `message_id` is the same each time the same delivery is tried.

    thread_id: an id that all mails of one conversation name.  reply_to: where answers are read.
    unsubscribe: an address that ends such mails by one post, as RFC 8058 has it.
    """

    to: str
    subject: str
    text: str
    message_id: str
    language: str
    is_urgent: bool = False
    thread_id: str = ""
    reply_to: str = ""
    unsubscribe: str = ""


def send(mail: Mail, *, deadline_seconds: float = DEADLINE_SECONDS) -> Taken:
    """Hand one mail to the organisation's server. Returns what it said as it took it. Raises NotSent.

    Returns only when the server has accepted it; what it says after that does not matter any more.
    """
    server = _Server()
    with _deadline(server, deadline_seconds), _refusals_told(lambda: server.is_cut_off):
        try:
            server.open()
            if not server.send_messages([composed(mail)]):
                raise NotSent("There is no address to send it to.", is_permanent=True)
        finally:
            server.say_goodbye()
    return Taken(*server.said)


class _Server(EmailBackend):
    """Django's SMTP backend, which can be cut off from another thread."""

    live: smtplib.SMTP | None = None
    is_cut_off = False
    #: Status and words with which it took the mail: administrators of the server find it by them.
    said: tuple[int | None, str] = (None, "")

    @property
    def connection_class(self) -> Any:
        """The connection is known before it greets, so that it can be cut off at any moment."""
        server, kind = self, smtplib.SMTP_SSL if self.use_ssl else smtplib.SMTP

        class Known(kind):  # type: ignore[valid-type,misc]  # one of two classes, by the settings
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                server.live = self
                super().__init__(*args, **kwargs)

            def data(self, msg: Any) -> tuple[int, bytes]:
                code, reply = super().data(msg)
                server.said = (code, covered(reply.decode(errors="replace")))
                return code, reply

        return Known

    def cut_off(self) -> None:
        self.is_cut_off = True
        if self.live and self.live.sock:
            with suppress(OSError):
                self.live.sock.shutdown(SHUT_RDWR)

    def say_goodbye(self) -> None:
        with suppress(OSError, smtplib.SMTPException):
            if self.live and self.live.sock:
                self.live.sock.settimeout(GOODBYE_SECONDS)
            self.close()
        if self.live:
            self.live.close()


@contextmanager
def _deadline(server: _Server, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, server.cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _refusals_told(is_cut_off: Callable[[], bool]) -> Iterator[None]:
    """Whatever smtplib and Django raise, as NotSent. What is about the recipient or the text can be permanent;
    what is about our own sign-in or sender is not, for an administrator will put it right."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()))
        raise _refused(code, reply, is_permanent=code >= PERMANENT_FROM) from error
    except smtplib.SMTPDataError as error:
        is_permanent = error.smtp_code >= PERMANENT_FROM
        raise _refused(error.smtp_code, error.smtp_error, is_permanent=is_permanent) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error, is_permanent=False) from error
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        raise NotSent(f"This address cannot be written to: {error}", is_permanent=True) from error
    except (smtplib.SMTPException, OSError) as error:
        why = no_answer(error, is_late=is_cut_off()).why
        raise NotSent(str(error) or str(why.label), is_permanent=False, outcome=Outcome(why.value)) from error


def composed(mail: Mail) -> EmailMessage:
    """The mail as it is handed over."""
    headers = {
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
    }
    if mail.is_urgent:
        headers |= {"Importance": "high", "X-Priority": "1"}
    if mail.thread_id:
        headers |= {"In-Reply-To": mail.thread_id, "References": mail.thread_id}
    if mail.unsubscribe:
        headers |= {
            "List-Unsubscribe": f"<{mail.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    reply_to = [mail.reply_to] if mail.reply_to else None
    return EmailMessage(
        mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to], headers=headers, reply_to=reply_to
    )


def _refused(code: int, reply: bytes | str, *, is_permanent: bool) -> NotSent:
    said = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    status = code if code in CODES else None
    return NotSent(f"{code} {said}", is_permanent=is_permanent, status=status, text=covered(said))
