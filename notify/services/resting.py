"""Channels that fail: they rest for a while, so that what goes elsewhere does not wait for them, or end."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from common.facts import announce
from ledger.services import record
from notify.adapters.refusals import NotSent
from notify.models import Channel, Delivery
from notify.services.calling_off import call_off
from notify.signals import CHANNEL_OFF

FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=10)


def note_success(channel: Channel) -> None:
    """It works, so nothing rests any more."""
    Channel.objects.filter(pk=channel.pk).exclude(failures=0, rests_until=None).update(failures=0, rests_until=None)


def note_failure(channel: Channel, refusal: NotSent, *, now: datetime) -> None:
    """Rest longer with each failure in a row; an answer that refuses one message only says nothing about the next."""
    if refusal.is_permanent:
        return
    failures = channel.failures + 1
    rest = min(FIRST_REST * 2 ** min(failures - 1, 10), LONGEST_REST)
    Channel.objects.filter(pk=channel.pk).update(failures=failures, rests_until=now + rest)


@transaction.atomic
def switch_off(*, channel_id: uuid.UUID, reason: str, now: datetime) -> None:
    """Its other side said that it wants nothing any more. What still waits is cancelled. Safe to call twice."""
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
