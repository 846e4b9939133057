"""What the two beats ask of this app."""

import uuid
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from catalog.models import Document, Service
from catalog.signals import DOCUMENT_ENDS, REVIEW_DUE
from common import signals
from common.clock import CLOCK_SET_BACK
from common.secrets import unseal
from notify import services
from notify.choices import Urgency
from notify.events import Matter
from notify.models import Channel, Delivery
from notify.signals import CHANNEL_OFF, DELIVERY_DEAD
from people.choices import Role
from people.models import ContactMethod, User
from people.selectors import with_role
from people.signals import CONTACT_TO_VERIFY, PERSON_ANONYMISED, SUPERUSER_SIGNED_IN

NOT_DELIVERED = "notify.not_delivered"


@receiver(signals.tick, dispatch_uid="notify.hand_out")
def hand_out(now: datetime, **_kwargs: Any) -> None:
    services.hand_out(now=now)


@CLOCK_SET_BACK.receiver("notify.count_anew")
def count_anew(now: str, **_more: Any) -> None:
    """What was put off by a clock that was ahead is due."""
    services.count_anew(now=datetime.fromisoformat(now))


@receiver(signals.sweep, dispatch_uid="notify.take_back")
def take_back(now: datetime, **_kwargs: Any) -> None:
    services.take_back(now=now)


@receiver(signals.sweep, dispatch_uid="notify.hand_out_reminders")
def hand_out_reminders(now: datetime, **_kwargs: Any) -> None:
    services.hand_out_reminders(now=now)


@receiver(signals.sweep, dispatch_uid="notify.forget_old")
def forget_old(now: datetime, **_kwargs: Any) -> None:
    services.call_off_expired(now=now)
    services.forget_old(now=now)


@receiver(signals.sweep, dispatch_uid="notify.foresee")
def foresee(now: datetime, **_kwargs: Any) -> None:
    services.foresee(now=now)
    services.send_head(now=now)


@receiver(signals.sweep, dispatch_uid="notify.duties")
def duties(now: datetime, **_kwargs: Any) -> None:
    """Gaps of rosters, and hand-overs."""
    services.foresee_gaps(now=now)
    services.tell_hand_overs(now=now)


@DOCUMENT_ENDS.receiver("notify.follow_document")
def follow_document(document_id: str) -> None:
    """Its owner is reminded before it ends."""
    services.follow_document(document=Document.objects.select_related("owner").get(pk=document_id))


@REVIEW_DUE.receiver("notify.follow_review")
def follow_review(service_id: str) -> None:
    """The owner of the service is reminded of its review."""
    services.follow_review(service=Service.objects.select_related("owner").get(pk=service_id))


@CONTACT_TO_VERIFY.receiver("notify.send_code")
def send_code(contact_id: str, sealed_code: str) -> None:
    """The code goes to the address that it proves, and nowhere else. An address that is gone needs none."""
    contact = ContactMethod.objects.select_related("person").filter(pk=contact_id).first()
    if contact is not None and contact.code_expires_at is not None:
        context, until = {"code": unseal(sealed_code)}, contact.code_expires_at
        services.tell_contact(kind="people.contact_code", contact=contact, context=context, until=until)


@PERSON_ANONYMISED.receiver("notify.forget_person")
def forget_person(person_id: str, **_more: Any) -> None:
    """What is kept of somebody's addresses goes."""
    services.forget_person(person_id=uuid.UUID(person_id))


@CHANNEL_OFF.receiver("notify.tell_of_channel_off")
def tell_of_channel_off(channel_id: str) -> None:
    """A channel that is switched off is told to the administrators: somebody may still count on it."""
    channel = Channel.objects.get(pk=channel_id)
    services.tell(
        kind="notify.channel_off",
        about=channel,
        to=with_role(Role.ADMINISTRATOR),
        context={"answer": channel.off_reason, "lost": channel.losses if channel.losses >= services.MOST_LOSSES else 0},
        url="/messages/",
    )


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
        matter=Matter(),
    )


@DELIVERY_DEAD.receiver("notify.tell_of_dead_delivery")
def tell_of_dead_delivery(delivery_id: str, message_id: str) -> None:
    """What reached nobody is told to the administrators, one message a day; of that message itself none is told."""
    delivery = Delivery.objects.select_related("message__to", "channel").get(pk=delivery_id)
    if delivery.message.kind != NOT_DELIVERED:
        services.tell(
            kind=NOT_DELIVERED,
            about=delivery,
            to=with_role(Role.ADMINISTRATOR),
            context={"person": delivery.recipient, "thing": delivery.message.about_label},
            url="/messages/",
            dedupe_key=f"{NOT_DELIVERED}:{delivery.due_at:%Y-%m-%d}",
        )
