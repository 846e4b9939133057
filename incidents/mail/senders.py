"""Who wrote a mail, as far as that can be known: a sender's address proves nothing."""

import re
from dataclasses import dataclass

from incidents.mail.headers import all_of
from incidents.mail.letters import Letter
from incidents.models import Mailbox
from people.models import User
from people.selectors import has_ended

COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Sender:
    """Whose mail it is taken for. person: only for reporting and answering; it gives no rights.

    is_doubted: the server that is believed says that the address is false.
    """

    address: str
    name: str
    person: User | None
    is_doubted: bool = False

    def __str__(self) -> str:
        return str(self.person) if self.person else f"{self.name} <{self.address}>" if self.name else self.address


def sender_of(letter: Letter, mailbox: Mailbox) -> Sender:
    """The person with this address who may sign in, unless the address is found false."""
    is_doubted = is_false(letter, mailbox.authserv_id)
    found = None if is_doubted else User.objects.filter(email__iexact=letter.sender, is_active=True).first()
    person = None if found is None or found.is_machine or has_ended(found) else found
    return Sender(letter.sender, letter.sender_name, person, is_doubted)


def is_false(letter: Letter, authserv_id: str) -> bool:
    """Whether the server that is believed found that the address is not the sender's.

    Only the topmost of its own verdicts counts: those below came with the mail.
    """
    if not authserv_id:
        return False
    for value in all_of(letter.mail, "Authentication-Results"):
        server, _semicolon, verdicts = COMMENT.sub("", value).partition(";")
        if server.split()[:1] == [authserv_id] or server.strip().lower() == authserv_id.lower():
            return _fails(verdicts.lower())
    return False


def _fails(verdicts: str) -> bool:
    found = dict(re.findall(r"\b(dmarc|spf|dkim)\s*=\s*(\w+)", verdicts))
    if "dmarc" in found and found["dmarc"] != "none":
        return found["dmarc"] == "fail"
    return "fail" in (found.get("spf"), found.get("dkim")) and "pass" not in (found.get("spf"), found.get("dkim"))
