"""Reads of messages and deliveries."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import StartsWith
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.search import Hit, Wanted, found, matching, ranked
from common.seeing import unseen
from common.work import MOST, Urgency, WorkItem
from notify.asking import Asked, AskedDeliveries, AskedMessages
from notify.choices import DeliveryState, Way
from notify.models import Attempt, Channel, Delivery, Message
from people.choices import Role
from people.models import User
from people.selectors import Anyone, has_role

Told = TypeVar("Told", bound=Model)


def messages_of(user: Anyone) -> QuerySet[Message]:
    """What the person was told, the newest first. Nobody reads another's."""
    if not user.is_authenticated:
        return Message.objects.none()
    return Message.objects.filter(to=user.pk, is_shown=True).order_by("-created_at", "-pk")


def messages_asked_for(user: Anyone, asked: AskedMessages) -> QuerySet[Message]:
    """Those of the person's own messages that are looked for."""
    rows = _in_period(messages_of(user), asked)
    if asked.state == "new":
        rows = rows.filter(read_at=None)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    return matching(rows, Wanted.of(asked.q))


def search(text: str, user: Anyone) -> list[Hit]:
    """The person's own messages, by any of their words."""
    rows = list(ranked(found(messages_of(user).order_by(), Wanted.of(text), names="subject", is_many=True)))
    led((message for message, _rank in rows), user)
    return [
        Hit(
            kind="message",
            title=message.subject,
            url=message.url or reverse("messages"),
            detail=message.about_label,
            rank=rank,
        )
        for message, rank in rows
    ]


def led(messages: Iterable[Message], user: Anyone) -> list[Message]:
    """The same, without a link where the person may not open what it leads to any more. What was told stays told."""
    messages = list(messages)
    gone = unseen(user, ((each.about_type, each.about_id) for each in messages if each.url))
    for each in messages:
        each.url = "" if (each.about_type, each.about_id) in gone else each.url
    return messages


def unread_count(user: Anyone) -> int:
    """How many messages the person has not read."""
    return Message.objects.filter(to=user.pk, is_shown=True, read_at=None).count() if user.is_authenticated else 0


def deliveries_visible_to(user: Anyone) -> QuerySet[Delivery]:
    """Every delivery, for those who keep or audit the product."""
    if not has_role(user, Role.ADMINISTRATOR, Role.AUDITOR):
        return Delivery.objects.none()
    return Delivery.objects.select_related("message", "message__to", "channel", "contact")


def deliveries_asked_for(user: Anyone, asked: AskedDeliveries) -> QuerySet[Delivery]:
    """Those of the deliveries that are looked for; people and channels by the beginning of their name."""
    rows = _in_period(deliveries_visible_to(user), asked)
    wanted: dict[str, str] = {"state": asked.state, "way": asked.way, "message__kind": asked.kind}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if asked.channel:
        rows = rows.filter(channel__in=Channel.objects.filter(pk=asked.channel) if is_id(asked.channel) else [])
    if asked.person:
        people = User.objects.filter(name__istartswith=asked.person)
        channels = Channel.objects.filter(name__istartswith=asked.person)
        rows = rows.filter(Q(message__to__in=people) | Q(channel__in=channels))
    if asked.about:
        rows = rows.filter(StartsWith(Lower("message__about_label"), asked.about.lower()))
    return rows


def attempts_visible_to(user: Anyone) -> QuerySet[Attempt]:
    """What came of each try, for those who see the deliveries."""
    if not has_role(user, Role.ADMINISTRATOR, Role.AUDITOR):
        return Attempt.objects.none()
    return Attempt.objects.all()


def is_id(text: str) -> bool:
    """Whether it can be the id of a row."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _in_period(rows: QuerySet[Told], asked: Asked) -> QuerySet[Told]:
    if at := asked.period.begins_at:
        rows = rows.filter(created_at__gte=at)
    if at := asked.period.ends_at:
        rows = rows.filter(created_at__lt=at)
    return rows


def undelivered(user: Anyone) -> QuerySet[Delivery]:
    """What was given up and nobody has tried again, the newest first."""
    return deliveries_visible_to(user).filter(state=DeliveryState.DEAD).order_by("-due_at", "pk")


def work_of(user: Anyone, now: datetime) -> list[WorkItem]:
    """What did not reach somebody, for those who may send it again."""
    if not may_retry(user):
        return []
    return [
        WorkItem(
            kind="notify.retry",
            title=_("A message did not arrive"),
            about=f"{delivery.recipient} · {delivery.message.about_label}",
            url=reverse("delivery", args=[delivery.pk]),
            since=delivery.due_at,
            state_word=delivery.get_state_display(),
            urgency=Urgency.SOON,
            action=_("Send again"),
            action_url=reverse("retry_delivery", args=[delivery.pk]),
        )
        for delivery in undelivered(user)[:MOST]
    ]


def may_retry(user: Anyone) -> bool:
    """Whether the user may try again what was given up."""
    return has_role(user, Role.ADMINISTRATOR)


def address_of(delivery: Delivery, *, to: Anyone) -> str:
    """Where a delivery went, as the reader may see it: e-mail whole for administrators, the rest always masked."""
    if may_retry(to) or delivery.way != Way.EMAIL or not delivery.address:
        return delivery.address
    return f"{delivery.address[0]}•••@{delivery.address.rpartition('@')[2]}"
