"""Telling people: the rows are written with the change that causes them."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from ledger.services import record
from notify.about import About, about_of
from notify.choices import WAITING, Channel, DeliveryState, Urgency
from notify.models import Delivery, Message
from notify.services.sending import start_sending
from notify.texts import render
from people.models import User
from people.selectors import language_of, reachable, zone_of

KEY_LENGTH = 200


@transaction.atomic
def tell(
    *,
    kind: str,
    about: models.Model | About,
    to: Iterable[User | None],
    context: Mapping[str, Any] | None = None,
    urgency: str = Urgency.NORMAL,
    url: str = "",
    dedupe_key: str | None = None,
    texts: str = "",
) -> list[Message]:
    """Write one message to each person, in the person's language, in the transaction of the change that causes it.

    kind: `thing.happened`; its texts are templates/notify/<kind>.subject.txt and .body.txt.
    context: what the texts name, besides `about`, `to` and `url`; no secrets.
    url: the page to open, from its slash on; that of `about` when it has one.
    texts: the kind whose texts it takes, where it has none of its own.
    dedupe_key: told again under the same key, a person gets nothing new. Without it every call is news.
    Returns the messages that are new. Those who cannot sign in, and programs, get none.
    """
    now = timezone.now()
    thing = about_of(about, url)
    key = dedupe_key or f"{kind}:{thing.type}:{thing.id}:{uuid.uuid4().hex}"
    named = {**(context or {}), "about": about, "url": settings.BASE_URL + thing.url}
    messages = [
        _message(kind=kind, texts=texts or kind, about=thing, person=person, named=named, urgency=urgency, key=key)
        for person in reachable(to)
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    new_ids = set(Message.objects.filter(pk__in=[message.pk for message in messages]).values_list("pk", flat=True))
    new = [message for message in messages if message.pk in new_ids]
    deliveries = Delivery.objects.bulk_create([delivery for message in new for delivery in _deliveries(message, now)])
    if any(delivery.state == DeliveryState.QUEUED for delivery in deliveries):
        start_sending(urgency)
    return new


@transaction.atomic
def cancel(*, about: models.Model, now: datetime, kind: str | None = None) -> int:
    """What is still to be sent about this is not needed any more. Returns how many deliveries were cancelled.

    kind: only messages of this kind.  What is being sent at this moment still arrives.
    """
    thing = about_of(about)
    waiting = Delivery.objects.filter(message__about_type=thing.type, message__about_id=thing.id, state__in=WAITING)
    if kind is not None:
        waiting = waiting.filter(message__kind=kind)
    ids = list(waiting.select_for_update(of=["self"]).values_list("pk", flat=True))
    cancelled = Delivery.objects.filter(pk__in=ids, state__in=WAITING).update(
        state=DeliveryState.CANCELLED, due_at=now, lease_until=None, lease_token=None
    )
    if cancelled:
        record(verb="deliveries.cancelled", subject=about, actor="system:notify", data={"count": cancelled})
    return cancelled


def _message(
    *, kind: str, texts: str, about: About, person: User, named: Mapping[str, Any], urgency: str, key: str
) -> Message:
    language = language_of(person)
    subject, body = render(texts, language, zone_of(person), {**named, "to": person})
    return Message(
        kind=kind,
        to=person,
        about_type=about.type,
        about_id=about.id,
        about_label=about.label,
        url=about.url,
        language=language,
        subject=subject,
        body=body,
        urgency=urgency,
        dedupe_key=_personal(key, person),
    )


def _personal(key: str, person: User) -> str:
    whole = f"{key}:{person.pk}"
    return whole if len(whole) <= KEY_LENGTH else sha256(whole.encode()).hexdigest()


def _deliveries(message: Message, now: datetime) -> Iterable[Delivery]:
    yield Delivery(message=message, channel=Channel.IN_APP, state=DeliveryState.SENT, due_at=now, sent_at=now)
    if settings.EMAIL_CONFIGURED and message.to.email:
        yield Delivery(message=message, channel=Channel.EMAIL, address=message.to.email, due_at=now)
