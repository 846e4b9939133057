"""Which incident a mail belongs to: only what nobody can guess says so, never the number in a subject."""

import base64
import binascii
import hmac
import re
import uuid
from dataclasses import dataclass
from hashlib import sha256

from incidents.mail.letters import Letter
from incidents.mail.loops import delivery_ids
from incidents.models import AuthorityReport, InboxMessage, Incident, Mailbox
from incidents.references import number_of
from notify.letterheads import Letterhead
from notify.models import Message
from notify.services.handing import own_domain

MAC_BYTES = 10
TOKEN = re.compile(r"[a-z2-7]{42}")
TAG = re.compile(r"INC-[0-9]{4,18}")


@dataclass(frozen=True)
class Thread:
    """The incident that a mail belongs to; `guessed` is one that only its subject names."""

    incident: Incident | None = None
    guessed: str = ""


def token_of(incident: Incident) -> str:
    """What answers bring back: the incident's id, and what only we can make of it.

    It counts as long as the address of its tracking page does.
    """
    return base64.b32encode(incident.pk.bytes + _mac(incident)).decode().rstrip("=").lower()


def letterhead(message: Message) -> Letterhead | None:
    """What mails about an incident carry."""
    incident = Incident.objects.filter(pk=message.about_id).only("id", "number", "tracking_token").first()
    return _letterhead_of(incident) if incident else None


def letterhead_of_report(message: Message) -> Letterhead | None:
    """The same on reports to authorities: what they answer comes to the incident."""
    report = AuthorityReport.objects.filter(pk=message.about_id).select_related("incident").first()
    return _letterhead_of(report.incident) if report else None


def _letterhead_of(incident: Incident) -> Letterhead:
    token = token_of(incident)
    mailbox = _mailbox_of(incident)
    return Letterhead(token, reply_to=_with_plus(mailbox, token) if mailbox else "", tag=incident.reference)


def thread_of(letter: Letter) -> Thread:
    """By a token or a Message-ID of ours, or by the sender's own mail that this one follows."""
    domain = f"@{own_domain().lower()}"
    tokens = [address.partition("@")[0].rpartition("+")[2] for address in letter.recipients]
    tokens += [each.lower().removesuffix(domain) for each in letter.answers if each.lower().endswith(domain)]
    for token in tokens:
        if (incident := _by_token(token)) is not None:
            return Thread(incident)
    incident = _by_delivery(letter) or _by_own_mail(letter)
    return Thread(incident, "" if incident else _named_in(letter.subject))


def _mac(incident: Incident) -> bytes:
    said = b"mail:" + incident.pk.bytes
    return hmac.new(incident.tracking_token.encode(), said, sha256).digest()[:MAC_BYTES]


def _by_token(token: str) -> Incident | None:
    if not TOKEN.fullmatch(token):
        return None
    try:
        content = base64.b32decode(token.upper() + "======")
    except binascii.Error:
        return None
    incident = Incident.objects.filter(pk=uuid.UUID(bytes=content[:16])).first()
    is_ours = incident is not None and hmac.compare_digest(_mac(incident), content[16:])
    return incident if is_ours else None


def _by_delivery(letter: Letter) -> Incident | None:
    """By a Message-ID of ours: that of a mail about the incident, or of a report of it to an authority."""
    ids = delivery_ids(list(letter.answers))
    named = dict(Message.objects.filter(deliveries__in=ids).values_list("about_type", "about_id"))
    if pk := named.get(Incident._meta.label_lower):
        return Incident.objects.filter(pk=pk).first()
    if pk := named.get(AuthorityReport._meta.label_lower):
        return Incident.objects.filter(authority_reports=uuid.UUID(pk)).first()
    return None


def _by_own_mail(letter: Letter) -> Incident | None:
    """Somebody who writes again below the own first mail."""
    before = InboxMessage.objects.filter(message_id__in=letter.answers, sender=letter.sender, incident__isnull=False)
    mail = before.select_related("incident").order_by("-created_at").first()
    return mail.incident if mail else None


def _named_in(subject: str) -> str:
    return next((each for each in TAG.findall(subject) if number_of(each) is not None), "")


def _mailbox_of(incident: Incident) -> Mailbox | None:
    """Where its last mail came in, else the first that is read."""
    mail = incident.mails.filter(mailbox__is_active=True).select_related("mailbox").order_by("-created_at").first()
    return mail.mailbox if mail else Mailbox.objects.filter(is_active=True).order_by("created_at").first()


def _with_plus(mailbox: Mailbox, token: str) -> str:
    local, _at, domain = mailbox.address.partition("@")
    return f"{local}+{token}@{domain}" if mailbox.has_plus else mailbox.address
