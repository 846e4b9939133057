"""What a mail server took and could not deliver after all."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from common.facts import announce
from ledger.services import record
from notify.adapters.refusals import NotSent
from notify.choices import DeliveryState
from notify.models import Delivery
from notify.services.noting import note_not_taken
from notify.signals import DELIVERY_DEAD

#: What a server would have said at once, had it known.
PERMANENT = 550


@transaction.atomic
def note_bounced(*, delivery_id: uuid.UUID, said: str) -> bool:
    """A mail came back: it reached nobody, which its delivery says from now on, and administrators hear.

    said: the words of who sent it back. Twice is once. Returns whether there was such a delivery that counted as sent.
    """
    rows = Delivery.objects.select_for_update(of=["self"]).select_related("message")
    delivery = rows.filter(pk=delivery_id, state=DeliveryState.SENT).first()
    if delivery is None:
        return False
    refusal = NotSent(said, is_permanent=True, status=PERMANENT)
    note_not_taken(delivery, refusal, took=timedelta(0), now=timezone.now())
    delivery.state, delivery.last_error = DeliveryState.DEAD, str(refusal)
    delivery.sent_at = None
    delivery.save(update_fields=["state", "last_error", "sent_at"])
    record(verb="delivery.bounced", subject=delivery, actor="system:mail", data={"kind": delivery.message.kind})
    announce(DELIVERY_DEAD, delivery_id=str(delivery.pk), message_id=str(delivery.message_id))
    return True
