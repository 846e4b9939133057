"""A message and its deliveries as rows, not stored yet."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import translation

from notify.about import About
from notify.choices import WAY_OF, ChannelKind, DeliveryState, Lane, Urgency, Way
from notify.events import Matter, named
from notify.models import Channel, Delivery, Message, Template
from notify.texts import render, with_reason
from people.choices import ContactKind
from people.models import ContactMethod, User
from people.selectors import language_of, zone_of
from people.selectors.contacts import masked

KEY_LENGTH = 200


@dataclass(frozen=True)
class News:
    """What is told, before anybody is known to whom."""

    kind: str
    texts: str
    about: About
    context: Mapping[str, Any]
    urgency: str
    key: str
    own: Mapping[str, Template]

    def message(self, language: str, person: User | None, whose: str, acting_for: Iterable[User] = ()) -> Message:
        """The text in one language, in one person's zone; `whose` tells the keys of recipients apart."""
        subject, body = render(self.texts, language, zone_of(person), {**self.context, "to": person or ""}, self.own)
        body = with_reason(body, language, [str(each) for each in acting_for])
        return Message(
            kind=self.kind,
            to=person,
            about_type=self.about.type,
            about_id=self.about.id,
            about_label=self.about.label,
            url=self.about.url,
            language=language,
            subject=subject,
            body=body,
            urgency=self.urgency,
            dedupe_key=_whole_key(f"{self.key}:{whose}"),
        )


@dataclass(frozen=True)
class Outside:
    """Somebody who has no account.  unsubscribe: the page, from its slash on, that ends these mails by one post."""

    address: str
    language: str
    unsubscribe: str = ""


def to_outside(news: News, people: Iterable[Outside]) -> Iterator[tuple[Message, Outside]]:
    """A message each, all of one language with the same text."""
    written: dict[str, Message] = {}
    for each in people:
        language = each.language if each.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        if language not in written:
            written[language] = news.message(language, None, "")
        message = copy(written[language])
        message.pk = uuid4()
        message.dedupe_key = _whole_key(f"{news.key}:address:{sha256(each.address.lower().encode()).hexdigest()}")
        message.data = {"unsubscribe": each.unsubscribe} if each.unsubscribe else {}
        yield message, each


def to_person(news: News, person: User, acting_for: Iterable[User] = ()) -> Message:
    """The message in the person's language; to a substitute it says for whom."""
    return news.message(language_of(person), person, str(person.pk), acting_for)


def to_channel(news: News, channel: Channel, matter: Matter) -> Message:
    """The message in the channel's language, with what programs read of it."""
    message = news.message(channel.language, None, f"channel:{channel.pk}")
    with translation.override(channel.language):
        values = named(news.kind, news.context)
    message.data = {
        **{name: _json(value) for name, value in values.items()},
        "severity": matter.severity,
        "services": sorted(matter.services),
    }
    return message


def ways_to(message: Message, contacts: Iterable[ContactMethod], now: datetime) -> Iterable[Delivery]:
    """In the app always, by e-mail where there is one; urgent ones by every verified way of contact too.

    Who has no e-mail hears of the rest by the first way of contact.
    """
    yield Delivery(message=message, way=Way.IN_APP, state=DeliveryState.SENT, due_at=now, sent_at=now)
    email = message.to.email if message.to and settings.EMAIL_CONFIGURED else ""
    if email:
        yield Delivery(message=message, way=Way.EMAIL, address=email, due_at=now)
    usable = [each for each in contacts if settings.EMAIL_CONFIGURED or _lane(each) == Lane.WEB]
    others = [each for each in usable if each.address != email]
    most = len(others) if message.urgency == Urgency.URGENT else int(not email)
    for contact in others[:most]:
        yield way_by(message, contact, now)


def way_to_address(message: Message, address: str, now: datetime) -> Delivery:
    """By e-mail to somebody who has no account."""
    return Delivery(message=message, way=Way.EMAIL, address=address, due_at=now)


def way_by(message: Message, contact: ContactMethod, now: datetime) -> Delivery:
    """By one way of contact. Its address is read from there as it is sent, and kept masked here."""
    return Delivery(
        message=message, way=Way.CONTACT, lane=_lane(contact), contact=contact, address=masked(contact), due_at=now
    )


def way_of_channel(message: Message, channel: Channel, now: datetime) -> Delivery:
    """By a channel."""
    return Delivery(
        message=message,
        way=WAY_OF[ChannelKind(channel.kind)],
        lane=Lane.WEB,
        channel=channel,
        address=channel.address_shown,
        due_at=now,
    )


def _lane(contact: ContactMethod) -> str:
    return Lane.MAIL if contact.kind == ContactKind.EMAIL else Lane.WEB


def _whole_key(whole: str) -> str:
    return whole if len(whole) <= KEY_LENGTH else sha256(whole.encode()).hexdigest()


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
