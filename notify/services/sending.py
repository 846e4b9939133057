"""Sending what is queued. At least once: a repeat carries the same Message-ID, by which a mailbox knows it.

The message is handed over outside any transaction, under a lease with a token. Each end is written only
by who holds the token, so a worker that was given up for dead changes nothing when it comes back.
A worker killed between the server's "accepted" and our writing it down leaves the row in *sending*;
after the lease it is sent again, because a message too many is better than one too few.
"""

import logging
import random
import threading
import time
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.facts import announce
from common.jobs import enqueue
from ledger.services import record
from notify import jobs
from notify.adapters.refusals import NotSent, Taken
from notify.choices import WAITING, DeliveryState, Lane, Urgency, Way
from notify.errors import NotGivenUp, TextForgotten
from notify.models import Channel, Delivery, Message
from notify.services.handing import hand_over
from notify.services.keeping import check_on
from notify.services.noting import note_not_taken, note_stopped, note_taken
from notify.services.resting import note_failure, note_loss, note_success, switch_off
from notify.signals import DELIVERY_DEAD
from people.models import User
from people.selectors import goes_on

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
#: Programs are tried for twenty minutes: what they miss, they can be sent again.
BACK_OFF_OF_HOOKS = (
    timedelta(seconds=30),
    timedelta(minutes=2, seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=12),
)
MAX_TRIES_OF_HOOKS = len(BACK_OFF_OF_HOOKS) + 1
#: A channel's pause is longer by up to this part of it, so that what failed together is not tried together.
JITTER = 0.2
#: One job sends for this long, then makes room for others and queues another.
ROUND_SECONDS = 30.0
#: So many threads of one process send at once; a mail server that hangs leaves the others free for the beats.
AT_ONCE = {Lane.MAIL: 2, Lane.WEB: 1}
log = logging.getLogger(__name__)

STOPPED = "The worker that was sending it stopped."

_slots = {(urgency, lane): threading.BoundedSemaphore(AT_ONCE[lane]) for urgency in Urgency for lane in Lane}


def send_due(*, urgency: str, lane: str = Lane.MAIL) -> int:
    """Send what is due on a lane, one after the other, for a while. Returns how many were tried.

    Safe to call at any time, and several times at once: each delivery is claimed by one. Where enough threads of
    this process send already, they find what is due, and this one is left for other work.
    """
    slots = _slots[Urgency(urgency), Lane(lane)]
    if not slots.acquire(blocking=False):
        return 0
    try:
        return _send_for_a_while(Urgency(urgency), Lane(lane))
    finally:
        slots.release()


def start_sending(urgency: str, lane: str = Lane.MAIL) -> None:
    """Let a worker send what is due of this urgency on this lane, once the current transaction has committed."""
    enqueue(jobs.SEND_DUE, queue=jobs.QUEUE_OF[Urgency(urgency)], urgency=str(urgency), lane=str(lane))


def hand_out(*, now: datetime) -> None:
    """Queue one job for each urgency and lane with something due. The number of jobs does not grow with a backlog."""
    for urgency, lane in _slots:
        with transaction.atomic():
            if _due(now, urgency, lane).exists():
                start_sending(urgency, lane)


@transaction.atomic
def take_back(*, now: datetime) -> int:
    """Take up what workers that died were sending. Returns how many deliveries."""
    dropped = Delivery.objects.filter(state=DeliveryState.SENDING, lease_until__lt=now)
    rows = list(dropped.select_for_update(skip_locked=True, of=["self"]).select_related("message"))
    for delivery in rows:
        note_stopped(delivery, now=now)
        _end_try(delivery, STOPPED, now=now, is_permanent=False, wait=timedelta(0))
    return len(rows)


@transaction.atomic
def retry(*, delivery_id: uuid.UUID, by: User) -> Delivery:
    """Try again what was given up, or what a program took and lost or was not sent while it was off, from the start.

    A program is sent the same under the same id, by which it knows a repeat.
    Raises Delivery.DoesNotExist, NotGivenUp, TextForgotten or ChannelOff.
    """
    waits = Delivery.objects.select_for_update(of=["self"]).select_related("message", "channel")
    delivery = waits.get(pk=delivery_id)
    if not delivery.message.is_shown:
        raise TextForgotten
    if not delivery.can_be_sent_again:
        raise NotGivenUp(now=delivery.get_state_display())
    if delivery.channel:
        check_on(delivery.channel)
    was_taken = delivery.state == DeliveryState.SENT
    delivery.state, delivery.due_at, delivery.tries = DeliveryState.QUEUED, timezone.now(), 0
    delivery.sent_at = None
    delivery.save(update_fields=["state", "due_at", "tries", "sent_at"])
    record(verb="delivery.replayed" if was_taken else "delivery.retried", subject=delivery, actor=by)
    start_sending(delivery.message.urgency, delivery.lane)
    return delivery


def _send_for_a_while(urgency: Urgency, lane: Lane) -> int:
    tried, until = 0, time.monotonic() + ROUND_SECONDS
    while delivery := _claim(urgency, timezone.now(), lane):
        _try(delivery)
        tried += 1
        if time.monotonic() > until:
            with transaction.atomic():
                start_sending(urgency, lane)
            break
    return tried


def _due(now: datetime, urgency: str, lane: str) -> QuerySet[Delivery]:
    """What nobody has tried yet comes before what failed, so that trouble with old ones does not delay new ones.

    What goes to a channel that rests, or is off, waits; all does in a house that is held.
    """
    if lane == Lane.MAIL and not settings.EMAIL_CONFIGURED:  # it was, when they were queued; they wait until it is
        return Delivery.objects.none()
    due = Delivery.objects.filter(goes_on(), state__in=WAITING, due_at__lte=now, lane=lane, message__urgency=urgency)
    if lane == Lane.WEB:
        due = due.exclude(channel__rests_until__gt=now).exclude(channel__is_on=False)
    return due.order_by("tries", "due_at", "pk")


@transaction.atomic
def _claim(urgency: Urgency, now: datetime, lane: Lane = Lane.MAIL) -> Delivery | None:
    """Take the next one for a minute. None when nothing is due, or others hold all of it."""
    free = _due(now, urgency, lane).select_for_update(skip_locked=True, of=["self"])
    delivery = free.select_related("message", "channel", "contact").first()
    if delivery is not None:
        delivery.state, delivery.tries = DeliveryState.SENDING, delivery.tries + 1
        delivery.lease_until, delivery.lease_token = now + LEASE, uuid.uuid4()
        delivery.save(update_fields=["state", "tries", "lease_until", "lease_token"])
    return delivery


def _try(delivery: Delivery) -> None:
    """Send one delivery that we hold, and write down what came of it, if we still hold it then."""
    began = time.monotonic()
    try:
        answer = hand_over(delivery)  # slow: no transaction is open here
    except NotSent as refusal:
        _failed(delivery, refusal, took=timedelta(seconds=time.monotonic() - began))
    except Exception as error:  # whatever it is, it ends this try and not the round: others wait behind it
        log.exception("delivery %s could not be handed over", delivery.pk)
        # Its own words may repeat an address, which holds secrets.
        unknown = NotSent(f"Something unexpected stopped this ({type(error).__name__}).", is_permanent=False)
        _failed(delivery, unknown, took=timedelta(seconds=time.monotonic() - began))
    else:
        _sent(delivery, answer, took=timedelta(seconds=time.monotonic() - began))


@transaction.atomic
def _sent(delivery: Delivery, taken: Taken, *, took: timedelta) -> None:
    now = timezone.now()
    answer = f"{taken.status or ''} {taken.text}".strip()
    is_ours = _held(delivery).update(
        state=DeliveryState.SENT, sent_at=now, lease_until=None, lease_token=None, last_error="", answer=answer[:250]
    )
    if is_ours:
        note_taken(delivery, taken, took=took, now=now)
    if is_ours and delivery.channel:
        note_success(delivery.channel)
    if is_ours and not delivery.message.is_shown:
        _forget(delivery.message)


def _forget(message: Message) -> None:
    """What stood in it is nobody's business any more."""
    Message.objects.filter(pk=message.pk).update(sealed_text="", until=None)


def _held(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING, lease_token=delivery.lease_token)


@transaction.atomic
def _failed(delivery: Delivery, refusal: NotSent, *, took: timedelta) -> None:
    held = _held(delivery).select_for_update(of=["self"]).select_related("message", "channel").first()
    if held is None:
        return
    pauses = BACK_OFF_OF_HOOKS if held.way == Way.HOOK else BACK_OFF
    pause = pauses[min(held.tries, len(pauses)) - 1]
    if held.channel:
        pause *= 1 + JITTER * random.random()  # noqa: S311  it spreads tries, and keeps no secret
    now = timezone.now()
    note_not_taken(held, refusal, took=took, now=now)
    _end_try(held, str(refusal), now=now, is_permanent=refusal.is_permanent, wait=pause)
    if held.channel:
        note_failure(held.channel, refusal, now=now)
        if refusal.is_gone:
            switch_off(channel_id=held.channel.pk, reason=str(refusal), now=now)
        elif held.state == DeliveryState.DEAD:
            note_loss(held.channel, refusal, now=now)


def _end_try(delivery: Delivery, error: str, *, now: datetime, is_permanent: bool, wait: timedelta) -> None:
    """One try is over without success: wait for the next, or give up and say so.

    Where its channel was switched off meanwhile, it is cancelled as all that waited for it was.
    """
    locked = Channel.objects.select_for_update().filter(deliveries=delivery).first() if delivery.channel_id else None
    is_off = locked is not None and not locked.is_on
    most = MAX_TRIES_OF_HOOKS if delivery.way == Way.HOOK else MAX_TRIES
    gives_up = not is_off and (is_permanent or delivery.tries >= most)
    delivery.state = DeliveryState.DEAD if gives_up else DeliveryState.CANCELLED if is_off else DeliveryState.FAILED
    delivery.due_at, delivery.last_error = now + wait, error
    delivery.lease_until = delivery.lease_token = None
    delivery.save(update_fields=["state", "due_at", "last_error", "lease_until", "lease_token"])
    if gives_up:
        data = {"kind": delivery.message.kind, "tries": delivery.tries}
        record(verb="delivery.given_up", subject=delivery, actor="system:notify", data=data)
        if not delivery.message.is_shown:
            _forget(delivery.message)
        announce(DELIVERY_DEAD, delivery_id=str(delivery.pk), message_id=str(delivery.message_id))
