"""What the two beats ask of this app."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from common import signals
from notify import services
from notify.choices import Urgency
from notify.models import Delivery
from notify.signals import DELIVERY_DEAD
from people.choices import Role
from people.models import User
from people.selectors import with_role
from people.signals import SUPERUSER_SIGNED_IN

NOT_DELIVERED = "notify.not_delivered"


@receiver(signals.tick, dispatch_uid="notify.hand_out")
def hand_out(now: datetime, **_kwargs: Any) -> None:
    services.hand_out(now=now)


@receiver(signals.sweep, dispatch_uid="notify.take_back")
def take_back(now: datetime, **_kwargs: Any) -> None:
    services.take_back(now=now)


@receiver(signals.sweep, dispatch_uid="notify.hand_out_reminders")
def hand_out_reminders(now: datetime, **_kwargs: Any) -> None:
    services.hand_out_reminders(now=now)


@SUPERUSER_SIGNED_IN.receiver("notify.tell_of_superuser")
def tell_of_superuser(person_id: str, at: str, address: str) -> None:
    """Whoever breaks the glass is seen by all administrators, at once."""
    services.tell(
        kind="people.superuser_signed_in",
        about=User.objects.get(pk=person_id),
        to=with_role(Role.ADMINISTRATOR),
        context={"at": datetime.fromisoformat(at), "address": address},
        urgency=Urgency.URGENT,
        dedupe_key=f"people.superuser_signed_in:{person_id}:{at}",
    )


@DELIVERY_DEAD.receiver("notify.tell_of_dead_delivery")
def tell_of_dead_delivery(delivery_id: str, message_id: str) -> None:
    """What reached nobody is told to the administrators, one message a day; of that message itself none is told."""
    delivery = Delivery.objects.select_related("message__to").get(pk=delivery_id)
    if delivery.message.kind != NOT_DELIVERED:
        services.tell(
            kind=NOT_DELIVERED,
            about=delivery,
            to=with_role(Role.ADMINISTRATOR),
            context={"person": str(delivery.message.to), "thing": delivery.message.about_label},
            url="/messages/",
            dedupe_key=f"{NOT_DELIVERED}:{delivery.due_at:%Y-%m-%d}",
        )
