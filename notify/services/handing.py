"""Handing one delivery over to what takes it. No transaction is open here: this is slow."""

from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.template import loader
from django.utils import timezone, translation

from common.errors import DomainError
from common.secrets import unseal
from notify.adapters import apps, hooks, mail
from notify.adapters.refusals import NotSent, Taken
from notify.choices import Urgency, Way
from notify.letterheads import letterhead_of
from notify.models import Channel, Delivery, Message
from people.choices import ContactKind
from people.selectors.contacts import address_to_send


def hand_over(delivery: Delivery) -> Taken:
    """Send it once. Returns what was answered. Raises NotSent."""
    channel, contact = delivery.channel, delivery.contact
    try:
        if channel and delivery.way == Way.HOOK:
            return _to_hook(delivery, channel)
        if channel:
            return _to_app(delivery.message, unseal(channel.address))
        if contact and contact.kind == ContactKind.APP:
            return _to_app(delivery.message, address_to_send(contact))
        return _by_mail(delivery, address_to_send(contact) if contact else delivery.address)
    except DomainError as refusal:  # a key that is missing may be put back
        raise NotSent(refusal.message, is_permanent=False) from refusal


def secrets_of(channel: Channel, now: datetime) -> list[str]:
    """The secrets that sign, the newest first."""
    found = [channel.secret]
    if channel.previous_secret and channel.previous_until and channel.previous_until > now:
        found.append(channel.previous_secret)
    return [unseal(each) for each in found]


def text_of(message: Message) -> tuple[str, str]:
    """Subject and body; of what is not shown, they are unsealed for this one moment."""
    if message.is_shown:
        return message.subject, message.body
    subject, _line, body = unseal(message.sealed_text).partition("\n")
    return subject, body


def _to_hook(delivery: Delivery, channel: Channel) -> Taken:
    now, message = timezone.now(), delivery.message
    call = hooks.Call(
        url=unseal(channel.address),
        secrets=secrets_of(channel, now),
        delivery_id=str(delivery.pk),
        kind=message.kind,
        body={
            "id": str(delivery.pk),
            "event": message.kind,
            "created_at": message.created_at.isoformat(),
            "about": {"type": message.about_type, "id": message.about_id, "label": message.about_label},
            "url": _link(message),
            "subject": message.subject,
            "text": message.body,
            "data": message.data,
        },
    )
    return hooks.send(call, now=now)


def _to_app(message: Message, address: str) -> Taken:
    subject, body = text_of(message)
    return apps.send(address, subject=subject, text="\n\n".join(filter(None, [body, _link(message)])))


def _by_mail(delivery: Delivery, address: str) -> Taken:
    return mail.send(as_mail(delivery, address))


def as_mail(delivery: Delivery, address: str) -> mail.Mail:
    """The delivery as one mail. Its Message-ID is the same each time it is tried."""
    message, head = delivery.message, letterhead_of(delivery.message)
    subject, body = text_of(message)
    unsubscribe = settings.BASE_URL + message.data["unsubscribe"] if message.data.get("unsubscribe") else ""
    with translation.override(message.language):
        values = {
            "body": body,
            "link": _link(message),
            "is_answered_by_mail": head is not None and head.reply_to,
            "unsubscribe": unsubscribe,
        }
        text = loader.render_to_string("notify/mail.txt", values)
    return mail.Mail(
        to=address,
        subject=head.tagged(subject) if head else subject,
        text=text,
        message_id=f"<{delivery.pk}@{own_domain()}>",
        language=message.language,
        is_urgent=message.urgency == Urgency.URGENT,
        thread_id=f"<{head.thread}@{own_domain()}>" if head else "",
        reply_to=head.reply_to if head else "",
        unsubscribe=unsubscribe,
    )


def as_sent(delivery: Delivery) -> bytes:
    """A mail that the server took, to be kept as proof: as it was handed over, with when and with which words."""
    written = mail.composed(as_mail(delivery, delivery.address)).message()
    if delivery.sent_at is not None:
        del written["Date"]
        written["Date"] = format_datetime(delivery.sent_at)
        written["X-Holdfast-Taken"] = f"{delivery.sent_at.isoformat()} {delivery.answer}".strip()
    return written.as_bytes()


def own_domain() -> str:
    """What stands behind the @ in the ids of our mails."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")


def _link(message: Message) -> str:
    return settings.BASE_URL + message.url if message.url else ""
