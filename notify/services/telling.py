"""Telling people and channels: the rows are written with the change that causes them."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from common.secrets import seal
from ledger.services import record
from notify.about import About, about_of
from notify.choices import DeliveryState, Urgency
from notify.events import Matter
from notify.models import Channel, Delivery, Message, Template
from notify.selectors import channels_that_hear, contacts_of
from notify.services.calling_off import call_off
from notify.services.sending import start_sending
from notify.services.writing import (
    News,
    Outside,
    to_channel,
    to_outside,
    to_person,
    way_by,
    way_of_channel,
    way_to_address,
    ways_to,
)
from people.models import ContactMethod, User
from people.selectors import Asked, asked, organisation, reachable


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
    matter: Matter | None = None,
    asks: bool = False,
    but: Iterable[User | str | None] = (),
) -> list[Message]:
    """Write one message to each person, in the person's language, in the transaction of the change that causes it.

    kind: `thing.happened`; its texts are templates/notify/<kind>.subject.txt and .body.txt.
    context: what the texts name, besides `about`, `to` and `url`; no secrets.
    url: the page to open, from its slash on; that of `about` when it has one.
    texts: the kind whose texts it takes, where it has none of its own.
    dedupe_key: told again under the same key, a person gets nothing new. Without it every call is news.
    matter: channels that subscribed to it hear it too. None: it concerns these people only.
    asks: it asks for something, so whoever acts for those who are away is told too, and for whom.
    but: people who are not told, also not for others: their own doing, or what they may not do.
    Returns the messages to people that are new. Those who cannot sign in, and programs, get none.
    """
    now, news = timezone.now(), news_of(kind, about, context or {}, urgency, url, dedupe_key, texts)
    left_out = {each.pk for each in but if isinstance(each, User)}
    told = [each for each in (asked(to, now) if asks else map(Asked, reachable(to))) if each.person.pk not in left_out]
    people = reachable(each.person for each in told)
    for_whom = {each.person.pk: each.acting_for for each in told}
    new = _new([to_person(news, person, for_whom[person.pk]) for person in people])
    contacts = contacts_of(people)
    _queue([way for message in new for way in ways_to(message, contacts.get(message.to_id, []), now)], urgency)
    if matter is not None:
        tell_channels(news, channels_that_hear(kind, matter), matter, now)
    return new


@transaction.atomic
def tell_address(
    *,
    kind: str,
    about: models.Model | About,
    address: str,
    language: str = "",
    context: Mapping[str, Any] | None = None,
    urgency: str = Urgency.NORMAL,
    url: str = "",
    dedupe_key: str | None = None,
) -> Message | None:
    """Write one mail to somebody who has no account, in the transaction of the change that causes it.

    language: to write in; the organisation's unless given.  url: a page that opens without a sign-in. The rest is as
    `tell` has it. Returns None when it was told before, or there is no mail server.
    """
    if not address or not settings.EMAIL_CONFIGURED:
        return None
    now, news = timezone.now(), news_of(kind, about, context or {}, urgency, url, dedupe_key)
    spoken = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    new = _new([news.message(spoken, None, f"address:{address.lower()}")])
    _queue([way_to_address(message, address, now) for message in new], urgency)
    return new[0] if new else None


@transaction.atomic
def tell_addresses(
    *,
    kind: str,
    about: models.Model | About,
    to: Iterable[Outside],
    context: Mapping[str, Any] | None = None,
    urgency: str = Urgency.NORMAL,
    url: str = "",
    dedupe_key: str | None = None,
) -> int:
    """The same mail to many who have no account and may end it by one click. The text is written once a language.

    Returns how many are told now. The rest is as `tell_address` has it.
    """
    if not settings.EMAIL_CONFIGURED:
        return 0
    now, news = timezone.now(), news_of(kind, about, context or {}, urgency, url, dedupe_key)
    by_key = {message.dedupe_key: (message, each) for message, each in to_outside(news, to)}
    new = _new([message for message, _each in by_key.values()])
    _queue([way_to_address(message, by_key[message.dedupe_key][1].address, now) for message in new], urgency)
    return len(new)


@transaction.atomic
def tell_contact(
    *,
    kind: str,
    contact: ContactMethod,
    context: Mapping[str, Any],
    until: datetime | None = None,
    dedupe_key: str | None = None,
) -> Message | None:
    """Write to one way of contact alone, verified or not. It is urgent, and stands in no list: it may hold a code.

    Its text lies sealed and is forgotten once it was sent.  until: it is not sent later than
    this. Returns None when it was told before, or nobody is there to read it.
    """
    now, news = timezone.now(), news_of(kind, contact, context, Urgency.URGENT, "/account/", dedupe_key)
    people = reachable([contact.person])
    messages = [to_person(news, person) for person in people]
    for message in messages:
        message.is_shown, message.about_label = False, contact.get_kind_display()
        message.sealed_text, message.until = seal(f"{message.subject}\n{message.body}"), until
        message.subject = message.body = ""
    new = _new(messages)
    _queue([way_by(message, contact, now) for message in new], Urgency.URGENT)
    return new[0] if new else None


@transaction.atomic
def cancel(*, about: models.Model | About, now: datetime, kind: str | None = None) -> int:
    """What is still to be sent about this is not needed any more. Returns how many deliveries were cancelled.

    kind: only messages of this kind.  What is being sent at this moment still arrives. Web hooks are sent all the
    same: programs are told everything that happened.
    """
    thing = about_of(about)
    waiting = Delivery.objects.filter(message__about_type=thing.type, message__about_id=thing.id, channel=None)
    if kind is not None:
        waiting = waiting.filter(message__kind=kind)
    cancelled = call_off(waiting, now=now)
    if cancelled and isinstance(about, models.Model):
        record(verb="deliveries.cancelled", subject=about, actor="system:notify", data={"count": cancelled})
    return cancelled


def tell_channels(news: News, channels: Iterable[Channel], matter: Matter, now: datetime) -> list[Delivery]:
    """The same to channels, in the transaction of the caller. Returns the new deliveries."""
    written = {message.pk: (message, each) for each in channels for message in [to_channel(news, each, matter)]}
    new = _new([message for message, _channel in written.values()])
    return _queue([way_of_channel(message, written[message.pk][1], now) for message in new], news.urgency)


def news_of(
    kind: str,
    about: models.Model | About,
    context: Mapping[str, Any],
    urgency: str,
    url: str = "",
    dedupe_key: str | None = None,
    texts: str = "",
) -> News:
    """What is told, with the organisation's own texts where there are some."""
    thing = about_of(about, url)
    named = {**context, "about": about, "url": settings.BASE_URL + thing.url, "organisation": organisation().name}
    key = dedupe_key or f"{kind}:{thing.type}:{thing.id}:{uuid.uuid4().hex}"
    own = {each.language: each for each in Template.objects.filter(kind=texts or kind)}
    return News(kind, texts or kind, thing, named, urgency, key, own)


def _new(messages: list[Message]) -> list[Message]:
    """Stored, without those that were told before."""
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    ids = set(Message.objects.filter(pk__in=[message.pk for message in messages]).values_list("pk", flat=True))
    return [message for message in messages if message.pk in ids]


def _queue(deliveries: list[Delivery], urgency: str) -> list[Delivery]:
    stored = Delivery.objects.bulk_create(deliveries)
    for lane in sorted({each.lane for each in stored if each.state == DeliveryState.QUEUED}):
        start_sending(urgency, lane)
    return stored
