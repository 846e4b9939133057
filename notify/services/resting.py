"""Channels that fail: they rest for a while, so that what goes elsewhere does not wait for them, or end."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from common.facts import announce
from ledger.services import record
from notify.adapters.refusals import NotSent
from notify.choices import ChannelKind
from notify.models import Channel, Delivery
from notify.services.calling_off import call_off
from notify.signals import CHANNEL_OFF

FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=10)
#: A web hook that lost so many deliveries one after the other is switched off until somebody has looked.
MOST_LOSSES = 5


def note_success(channel: Channel) -> None:
    """It works, so nothing rests any more."""
    failed = Channel.objects.filter(pk=channel.pk).exclude(failures=0, losses=0, rests_until=None)
    failed.update(failures=0, losses=0, rests_until=None)


def note_failure(channel: Channel, refusal: NotSent, *, now: datetime) -> None:
    """Rest longer with each failure in a row; an answer that refuses one message only says nothing about the next."""
    if refusal.is_permanent:
        return
    failures = channel.failures + 1
    rest = min(FIRST_REST * 2 ** min(failures - 1, 10), LONGEST_REST)
    Channel.objects.filter(pk=channel.pk).update(failures=failures, rests_until=now + rest)


@transaction.atomic
def note_loss(channel: Channel, refusal: NotSent, *, now: datetime) -> None:
    """Something was given up. A web hook that loses one after the other is switched off, and people are told."""
    if channel.kind != ChannelKind.HOOK:
        return
    Channel.objects.filter(pk=channel.pk).update(losses=F("losses") + 1)
    if Channel.objects.filter(pk=channel.pk, losses__gte=MOST_LOSSES).exists():
        switch_off(channel_id=channel.pk, reason=str(refusal), now=now)


@transaction.atomic
def switch_off(*, channel_id: uuid.UUID, reason: str, now: datetime) -> None:
    """Nothing is sent there any more, and what still waits is cancelled. Safe to call twice."""
    channel = Channel.objects.select_for_update().get(pk=channel_id)
    if not channel.is_on:
        return
    channel.is_on, channel.off_reason = False, reason[:250]
    channel.version += 1
    channel.save(update_fields=["is_on", "off_reason", "version"])
    cancel_waiting(channel, now)
    record(verb="channel.switched_off", subject=channel, actor="system:notify", data={"answer": reason[:40]})
    announce(CHANNEL_OFF, channel_id=str(channel.pk))


def cancel_waiting(channel: Channel, now: datetime) -> int:
    """What was still to be sent to a channel is not needed any more."""
    return call_off(Delivery.objects.filter(channel=channel), now=now)
