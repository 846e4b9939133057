"""What comes back from an address, or why nothing does."""

import ssl
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

#: What OpenSSL calls the reasons for which a certificate does not count.
NOT_NOW = {9, 10}
VOUCHES_FOR_ITSELF = {18, 19}
OF_ANOTHER_NAME = {62, 64}


class Why(TextChoices):
    """Why there is no answer, in a sentence about the other side."""

    LATE = "late", _("It did not answer in time.")
    UNKNOWN_NAME = "unknown_name", _("Its name is not known.")
    NOT_REACHED = "not_reached", _("It was not reached, or ended the connection.")
    WRONG_NAME = "wrong_name", _("Its certificate is for another name.")
    NOT_VALID_NOW = "not_valid_now", _("Its certificate has run out, or does not count yet.")
    SELF_SIGNED = "self_signed", _("Its certificate is vouched for by nobody but itself.")
    UNTRUSTED = "untrusted", _("Nobody whom Holdfast trusts vouches for its certificate.")
    NO_TLS = "no_tls", _("It does not speak TLS as it should.")


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the first bytes as text."""

    status: int
    text: str


class NoAnswer(Exception):
    """The other side was not reached, not trusted, or did not answer in time. `why` says which."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why.label} ({detail})" if detail else str(why.label))
        self.why = why


def no_answer(error: BaseException, *, is_late: bool) -> NoAnswer:
    """What an error of the network means. is_late: whether the deadline ended it."""
    if is_late or isinstance(error, TimeoutError):
        return NoAnswer(Why.LATE)
    if isinstance(error, ssl.SSLCertVerificationError):
        return NoAnswer(_of_certificate(error.verify_code), error.verify_message)
    why = Why.NO_TLS if isinstance(error, ssl.SSLError) else Why.NOT_REACHED
    return NoAnswer(why, f"{type(error).__name__}: {error}")


def _of_certificate(code: int) -> Why:
    if code in OF_ANOTHER_NAME:
        return Why.WRONG_NAME
    if code in NOT_NOW:
        return Why.NOT_VALID_NOW
    return Why.SELF_SIGNED if code in VOUCHES_FOR_ITSELF else Why.UNTRUSTED
