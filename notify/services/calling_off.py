"""Deliveries that are not needed any more: cancelled, with the reason, wherever they wait."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from ledger.services import Actor, Note, record_many
from notify.choices import WAITING, DeliveryState
from notify.models import Delivery, Message

BROUGHT_BACK = "Holdfast was brought back from a copy. Whether this had left by then is not known, so it was not sent."

EXPIRED = "It was of no use any more before it could be sent."
AT_ONCE = 500


def call_off(deliveries: QuerySet[Delivery], *, now: datetime, reason: str = "") -> int:
    """Cancel what of these still has to be sent, in the caller's transaction. Returns how many were.

    What is being sent at this moment still arrives. Of what is no news, such as a code, the text is forgotten.
    """
    waiting = deliveries.filter(state__in=WAITING)
    return _cancel(list(waiting.select_for_update(of=["self"]).values_list("pk", flat=True)), now, reason)


@transaction.atomic
def call_off_everything(*, now: datetime, by: Actor) -> int:
    """Send nothing of what waited or was being sent when a copy was taken. Returns how many deliveries that were.

    Nobody may be sending meanwhile: this is for a house that has just been brought back.
    """
    rows = Delivery.objects.filter(state__in=[*WAITING, DeliveryState.SENDING]).select_related("message")
    found = list(rows.select_for_update(of=["self"]))
    notes = [
        Note("delivery.cancelled", each, {"kind": each.message.kind, "before": each.state, "reason": "brought_back"})
        for each in found
    ]
    _cancel([each.pk for each in found], now, BROUGHT_BACK)
    record_many(notes=notes, actor=by)
    return len(found)


@transaction.atomic
def call_off_expired(*, now: datetime) -> int:
    """What is of no use any more, such as a code that counts no longer, is not sent. Returns how many deliveries."""
    over = Message.objects.filter(until__lt=now).order_by("until").values_list("pk", flat=True)[:AT_ONCE]
    ids = list(over)
    count = call_off(Delivery.objects.filter(message__in=ids), now=now, reason=EXPIRED) if ids else 0
    sending = Delivery.objects.filter(message__in=ids, state=DeliveryState.SENDING).values("message")
    Message.objects.filter(pk__in=ids).exclude(pk__in=sending).update(sealed_text="", until=None)
    return count


def _cancel(ids: list[UUID], now: datetime, reason: str) -> int:
    cancelled = Delivery.objects.filter(pk__in=ids).update(
        state=DeliveryState.CANCELLED, due_at=now, lease_until=None, lease_token=None, last_error=reason
    )
    Message.objects.filter(deliveries__pk__in=ids, is_shown=False).update(sealed_text="", until=None)
    return cancelled
