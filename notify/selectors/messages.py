"""Reads of messages and deliveries."""

from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.search import Hit, Wanted, found, ranked
from common.work import MOST, Urgency, WorkItem
from notify.choices import DeliveryState, Way
from notify.models import Delivery, Message
from people.choices import Role
from people.selectors import Anyone, has_role


def messages_of(user: Anyone) -> QuerySet[Message]:
    """What the person was told: what they have not read first, the newest first. Nobody reads another's."""
    if not user.is_authenticated:
        return Message.objects.none()
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    return Message.objects.filter(to=user.pk, is_shown=True).order_by(is_read, "-created_at", "pk")


def search(text: str, user: Anyone) -> list[Hit]:
    """The person's own messages, by any of their words."""
    rows = found(messages_of(user).order_by(), Wanted.of(text), names="subject", is_many=True)
    return [
        Hit(kind="message", title=message.subject, url=message.url, detail=message.about_label, rank=rank)
        for message, rank in ranked(rows)
    ]


def unread_count(user: Anyone) -> int:
    """How many messages the person has not read."""
    return Message.objects.filter(to=user.pk, is_shown=True, read_at=None).count() if user.is_authenticated else 0


def deliveries_visible_to(user: Anyone) -> QuerySet[Delivery]:
    """Every delivery, for those who keep or audit the product."""
    if not has_role(user, Role.ADMINISTRATOR, Role.AUDITOR):
        return Delivery.objects.none()
    return Delivery.objects.select_related("message", "message__to", "channel", "contact")


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
            about=f"{delivery.message.to} · {delivery.message.about_label}",
            url=reverse("messages"),
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
