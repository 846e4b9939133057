"""Mails that no person wrote to us: programs that answer each other would never end."""

import re
import uuid
from dataclasses import dataclass

from incidents.mail.charsets import text_of
from incidents.mail.choices import MailReason
from incidents.mail.headers import all_of, first_of, ids_in
from incidents.mail.letters import Letter, safely
from notify.services.handing import own_domain

BULK = {"bulk", "junk", "list", "auto_reply"}
LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help")
NO_PERSON = re.compile(r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+=._-].*)?", re.IGNORECASE)
#: How programs that say nothing in the head begin their subject.
SUBJECTS = re.compile(
    r"\s*(automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|自动回复|自動回覆|自动答复)",
    re.IGNORECASE,
)
#: What programs of mail servers look for in the mail that came back.
RAW_BYTES = 200_000
SAID_LENGTH = 300
UUID = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"


@dataclass(frozen=True)
class Bounce:
    """A mail says that another did not arrive.

    delivery_ids: of ours that it names.  is_final: not only later than usual.  said: in the words of who says it.
    """

    delivery_ids: tuple[uuid.UUID, ...]
    is_final: bool
    said: str


def bounce_in(letter: Letter, raw: bytes) -> Bounce | None:
    """What it says of a mail that did not arrive. None: it says nothing of the kind."""
    told = [part for part in letter.mail.walk() if safely(part.get_content_type, "") == "message/delivery-status"]
    is_daemon = _is_from_nobody(letter) and NO_PERSON.fullmatch(letter.sender.partition("@")[0]) is not None
    if not told and not is_daemon:
        return None
    # As it is written in the mail that comes back with it, whichever way that one is put in.
    ids = delivery_ids([*letter.answers, *ids_in(_raw_ids(raw))])
    words = text_of(bytes(told[0])) if told else letter.text
    action = re.search(r"(?im)^action:\s*(\w+)", words)
    diagnosis = re.search(r"(?im)^diagnostic-code:\s*(.+(?:\n[ \t].+)*)", words)
    said = " ".join((diagnosis[1] if diagnosis else words).split())[:SAID_LENGTH]
    return Bounce(tuple(ids), is_final=action is None or action[1].lower() == "failed", said=said)


def why_ignored(letter: Letter, *, own_addresses: set[str], own_list: str) -> MailReason | None:
    """Why nobody is to be troubled with it; None: a person seems to have written it.

    own_list: the List-Id of the list that people write to; mails through it are theirs.
    """
    if letter.sender in own_addresses or (delivery_ids([letter.message_id]) and letter.message_id):
        return MailReason.OWN
    if not letter.sender:
        return MailReason.NO_SENDER
    submitted = _word(letter, "Auto-Submitted")
    suppress = _word(letter, "X-Auto-Response-Suppress")
    through_own_list = bool(own_list) and own_list.lower() in first_of(letter.mail, "List-Id").lower()
    is_automatic = (
        (submitted and submitted != "no")
        or (suppress and suppress != "none")
        or _word(letter, "X-Autoreply")
        or _word(letter, "X-Autorespond")
        or _is_from_nobody(letter)
        or NO_PERSON.fullmatch(letter.sender.partition("@")[0])
        or SUBJECTS.match(letter.subject)
    )
    if is_automatic:
        return MailReason.AUTOMATIC
    if not through_own_list and (
        _word(letter, "Precedence") in BULK or any(all_of(letter.mail, each) for each in LIST_HEADERS)
    ):
        return MailReason.LIST
    return None


def delivery_ids(message_ids: list[str]) -> list[uuid.UUID]:
    """Of these Message-IDs, our own, as the deliveries that carried them."""
    ours = re.compile(rf"{UUID}@{re.escape(own_domain().lower())}")
    found = (ours.fullmatch(each.lower()) for each in message_ids)
    return [uuid.UUID(each[1]) for each in found if each]


def _raw_ids(raw: bytes) -> list[str]:
    return re.findall(r"<[^<>\s]{1,300}>", raw[:RAW_BYTES].decode("ascii", errors="replace"))


def _is_from_nobody(letter: Letter) -> bool:
    return first_of(letter.mail, "Return-Path").replace(" ", "") == "<>"


def _word(letter: Letter, name: str) -> str:
    return re.split(r"[;,\s(]", first_of(letter.mail, name).strip().lower(), maxsplit=1)[0]
