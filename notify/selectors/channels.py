"""Reads of channels, what they hear, and reminders."""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from notify.events import Matter, event_of
from notify.models import Channel, Reminder, Subscription, Template
from people.choices import SENDABLE, Role
from people.models import ContactMethod, User
from people.selectors import Anyone, has_role


def channels_visible_to(user: Anyone) -> QuerySet[Channel]:
    """Every channel, for those who keep or audit the product."""
    return Channel.objects.all() if may_see_channels(user) else Channel.objects.none()


def may_see_channels(user: Anyone) -> bool:
    """Whether the user keeps or audits the product."""
    return has_role(user, Role.ADMINISTRATOR, Role.AUDITOR)


def may_keep_channels(user: Anyone) -> bool:
    """Whether the user sets up channels, and what they hear."""
    return has_role(user, Role.ADMINISTRATOR)


def reminders_visible_to(user: Anyone) -> QuerySet[Reminder]:
    """Every reminder for those who keep or audit the product, one's own for everybody."""
    if not user.is_authenticated:
        return Reminder.objects.none()
    if has_role(user, Role.ADMINISTRATOR, Role.AUDITOR):
        return Reminder.objects.select_related("to")
    return Reminder.objects.filter(to=user.pk).select_related("to")


def channels_that_hear(kind: str, matter: Matter) -> list[Channel]:
    """Channels that are on and subscribed to this, each once. A kind that is not for channels is heard by none."""
    event = event_of(kind)
    if event is None or not event.is_for_channels:
        return []
    wanted = Subscription.objects.filter(channel__is_on=True).select_related("channel").prefetch_related("services")
    return list({each.channel.pk: each.channel for each in wanted if _hears(each, kind, matter)}.values())


def _hears(subscription: Subscription, kind: str, matter: Matter) -> bool:
    services = {str(service.pk) for service in subscription.services.all()}
    return (
        (not subscription.kinds or kind in subscription.kinds)
        and (not subscription.severities or matter.severity in subscription.severities)
        and (not services or not services.isdisjoint(matter.services))
    )


def contacts_of(people: Iterable[User]) -> dict[uuid.UUID | None, list[ContactMethod]]:
    """The verified ways of contact of each person, in the order in which they were given."""
    found: dict[uuid.UUID | None, list[ContactMethod]] = {}
    wanted = ContactMethod.objects.filter(
        person__in=[person.pk for person in people], kind__in=SENDABLE, verified_at__isnull=False
    )
    for contact in wanted.order_by("created_at"):
        found.setdefault(contact.person_id, []).append(contact)
    return found


def templates_visible_to(user: Anyone) -> QuerySet[Template]:
    """The organisation's own texts, for those who keep or audit the product."""
    return Template.objects.all() if has_role(user, Role.ADMINISTRATOR, Role.AUDITOR) else Template.objects.none()
