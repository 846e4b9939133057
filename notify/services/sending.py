"""Sending what is queued. At least once: a repeat carries the same Message-ID, by which a mailbox knows it.

The message is handed over outside any transaction, under a lease with a token. Each end is written only
by who holds the token, so a worker that was given up for dead changes nothing when it comes back.
A worker killed between the server's "accepted" and our writing it down leaves the row in *sending*;
after the lease it is sent again, because a message too many is better than one too few.
"""

import threading
import time
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template import loader
from django.utils import timezone, translation

from common.facts import announce
from common.jobs import enqueue
from ledger.services import record
from notify import jobs
from notify.adapters import mail
from notify.choices import WAITING, DeliveryState, Urgency
from notify.errors import NotGivenUp
from notify.models import Delivery
from notify.signals import DELIVERY_DEAD
from people.models import User

LEASE = timedelta(seconds=60)
#: How long to wait after each try that failed; after the last of them comes one more try.
BACK_OFF = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
MAX_TRIES = len(BACK_OFF) + 1
#: One job sends for this long, then makes room for others and queues another.
ROUND_SECONDS = 30.0
#: So many threads of one process send at once; a mail server that hangs leaves the others free for the beats.
AT_ONCE = 2
STOPPED = "The worker that was sending it stopped."

_slots = {urgency: threading.BoundedSemaphore(AT_ONCE) for urgency in Urgency}


def send_due(*, urgency: str) -> int:
    """Send what is due, one after the other, for a while. Returns how many were tried.

    Safe to call at any time, and several times at once: each delivery is claimed by one. Where enough threads of
    this process send already, they find what is due, and this one is left for other work.
    """
    slots = _slots[Urgency(urgency)]
    if not slots.acquire(blocking=False):
        return 0
    try:
        return _send_for_a_while(Urgency(urgency))
    finally:
        slots.release()


def start_sending(urgency: str) -> None:
    """Let a worker send what is due of this urgency, once the current transaction has committed."""
    enqueue(jobs.SEND_DUE, queue=jobs.QUEUE_OF[Urgency(urgency)], urgency=str(urgency))


def hand_out(*, now: datetime) -> None:
    """Queue one job for each urgency of which something is due. The number of jobs does not grow with a backlog."""
    for urgency in Urgency:
        with transaction.atomic():
            if _due(now, urgency).exists():
                start_sending(urgency)


@transaction.atomic
def take_back(*, now: datetime) -> int:
    """Take up what workers that died were sending. Returns how many deliveries."""
    dropped = Delivery.objects.filter(state=DeliveryState.SENDING, lease_until__lt=now)
    rows = list(dropped.select_for_update(skip_locked=True, of=["self"]).select_related("message"))
    for delivery in rows:
        _end_try(delivery, STOPPED, now=now, is_permanent=False, wait=timedelta(0))
    return len(rows)


@transaction.atomic
def retry(*, delivery_id: uuid.UUID, by: User) -> Delivery:
    """Try again what was given up, from the first try on.

    Raises Delivery.DoesNotExist, or NotGivenUp.
    """
    delivery = Delivery.objects.select_for_update(of=["self"]).select_related("message").get(pk=delivery_id)
    if delivery.state != DeliveryState.DEAD:
        raise NotGivenUp(now=delivery.get_state_display())
    delivery.state, delivery.due_at, delivery.tries = DeliveryState.QUEUED, timezone.now(), 0
    delivery.save(update_fields=["state", "due_at", "tries"])
    record(verb="delivery.retried", subject=delivery, actor=by)
    start_sending(delivery.message.urgency)
    return delivery


def _send_for_a_while(urgency: Urgency) -> int:
    tried, until = 0, time.monotonic() + ROUND_SECONDS
    while delivery := _claim(urgency, timezone.now()):
        _try(delivery)
        tried += 1
        if time.monotonic() > until:
            with transaction.atomic():
                start_sending(urgency)
            break
    return tried


def _due(now: datetime, urgency: str) -> QuerySet[Delivery]:
    """What nobody has tried yet comes before what failed, so that trouble with old mails does not delay new ones."""
    if not settings.EMAIL_CONFIGURED:  # it was, when they were queued; they wait until it is again
        return Delivery.objects.none()
    due = Delivery.objects.filter(state__in=WAITING, due_at__lte=now, message__urgency=urgency)
    return due.order_by("tries", "due_at", "pk")


@transaction.atomic
def _claim(urgency: Urgency, now: datetime) -> Delivery | None:
    """Take the next one for a minute. None when nothing is due, or others hold all of it."""
    free = _due(now, urgency).select_for_update(skip_locked=True, of=["self"]).select_related("message")
    delivery = free.first()
    if delivery is not None:
        delivery.state, delivery.tries = DeliveryState.SENDING, delivery.tries + 1
        delivery.lease_until, delivery.lease_token = now + LEASE, uuid.uuid4()
        delivery.save(update_fields=["state", "tries", "lease_until", "lease_token"])
    return delivery


def _try(delivery: Delivery) -> None:
    """Send one delivery that we hold, and write down what came of it, if we still hold it then."""
    try:
        mail.send(_mail(delivery))  # slow: no transaction is open here
    except mail.NotSent as error:
        _failed(delivery, str(error), is_permanent=error.is_permanent)
    else:
        _held(delivery).update(
            state=DeliveryState.SENT, sent_at=timezone.now(), lease_until=None, lease_token=None, last_error=""
        )


def _held(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING, lease_token=delivery.lease_token)


@transaction.atomic
def _failed(delivery: Delivery, error: str, *, is_permanent: bool) -> None:
    held = _held(delivery).select_for_update(of=["self"]).select_related("message").first()
    if held:
        wait = BACK_OFF[min(held.tries, len(BACK_OFF)) - 1]
        _end_try(held, error, now=timezone.now(), is_permanent=is_permanent, wait=wait)


def _end_try(delivery: Delivery, error: str, *, now: datetime, is_permanent: bool, wait: timedelta) -> None:
    """One try is over without success: wait for the next, or give up and say so."""
    gives_up = is_permanent or delivery.tries >= MAX_TRIES
    delivery.state = DeliveryState.DEAD if gives_up else DeliveryState.FAILED
    delivery.due_at, delivery.last_error = now + wait, error
    delivery.lease_until = delivery.lease_token = None
    delivery.save(update_fields=["state", "due_at", "last_error", "lease_until", "lease_token"])
    if gives_up:
        data = {"kind": delivery.message.kind, "tries": delivery.tries}
        record(verb="delivery.given_up", subject=delivery, actor="system:notify", data=data)
        announce(DELIVERY_DEAD, delivery_id=str(delivery.pk), message_id=str(delivery.message_id))


def _mail(delivery: Delivery) -> mail.Mail:
    message = delivery.message
    with translation.override(message.language):
        link = settings.BASE_URL + message.url if message.url else ""
        text = loader.render_to_string("notify/mail.txt", {"body": message.body, "link": link})
    return mail.Mail(
        to=delivery.address,
        subject=message.subject,
        text=text,
        message_id=f"<{delivery.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>",
        language=message.language,
        is_urgent=message.urgency == Urgency.URGENT,
    )
