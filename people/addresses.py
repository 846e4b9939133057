"""Addresses of contact methods: read from what people type, and how much of them may be shown."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from common.secrets import MASK
from common.text import safe_line
from people.choices import APP_SCHEMES, SELF_HOSTED, ContactKind
from people.errors import WrongDetails

LONGEST = 500
NAME_LENGTH = 60
PHONE = re.compile(r"\+?[0-9]{5,20}")
APP = re.compile(r"([a-z][a-z0-9]{1,20})://[!-~]+")


@dataclass(frozen=True)
class Address:
    """whole: what is sent to.  shown: what may stand on a page."""

    whole: str
    shown: str


def read_address(kind: str, given: str, name: str = "") -> Address:
    """The address of this kind. Raises WrongDetails, which says what is wrong with it, and never repeats it."""
    wrong: dict[str, list[str]] = {}
    address = None
    if kind not in ContactKind.values:
        wrong["kind"] = [_("There is no such kind of contact.")]
    else:
        try:
            address = READERS[ContactKind(kind)](given.strip())
        except ValidationError as error:
            wrong["address"] = [str(sentence) for sentence in error.messages]
    try:
        safe_line(name)
    except ValidationError as error:
        wrong["name"] = [str(sentence) for sentence in error.messages]
    if len(name.strip()) > NAME_LENGTH:
        wrong["name"] = [_("Give a name of at most 60 characters.")]
    if wrong or address is None:
        raise WrongDetails(fields=wrong)
    return address


def _email(text: str) -> Address:
    validate_email(text)
    if len(text) > 254:
        raise ValidationError(_("This address is too long."))
    return Address(text.lower(), text.lower())


def _phone(text: str) -> Address:
    number = re.sub(r"[\s()./-]", "", text)
    if not PHONE.fullmatch(number):
        raise ValidationError(_("Give the number in digits, with the country in front, such as +49 30 1234567."))
    return Address(number, number)


def _app(text: str) -> Address:
    found = APP.fullmatch(text)
    if not found or len(text) > LONGEST:
        raise ValidationError(
            _("Give the address as the app names it, such as ntfy://topic, in at most 500 characters.")
        )
    scheme = found[1]
    if scheme not in APP_SCHEMES:
        raise ValidationError(
            _("Holdfast does not send to “%(scheme)s”. It sends to: %(known)s.")
            % {"scheme": scheme, "known": ", ".join(sorted(APP_SCHEMES))}
        )
    return Address(text, f"{scheme}://{MASK}{_end_of_host(text) if scheme in SELF_HOSTED else ''}")


def _end_of_host(text: str) -> str:
    """The last letters of a server's name, by which its owner knows it. Tokens are shown nothing of."""
    try:
        host = urlsplit(text).hostname or ""
    except ValueError:
        return ""
    return host[host.rindex(".", 0, host.rindex(".")) :] if host.count(".") > 1 else ""


READERS = {ContactKind.EMAIL: _email, ContactKind.PHONE: _phone, ContactKind.APP: _app}
