"""Trying a channel out: a real message to it alone."""

import uuid

from django.db import transaction
from django.utils import timezone

from ledger.services import Actor, record
from notify.about import About
from notify.choices import Urgency
from notify.events import Matter
from notify.models import Channel, Delivery
from notify.services.keeping import check_on
from notify.services.telling import news_of, tell_channels


@transaction.atomic
def try_channel(*, channel_id: uuid.UUID, by: Actor) -> Delivery:
    """Send a test message to the channel. Raises ChannelOff."""
    channel = Channel.objects.select_for_update().get(pk=channel_id)
    check_on(channel)
    about = About(channel._meta.label_lower, str(channel.pk), channel.name)
    news = news_of("notify.channel_test", about, {"by": str(by)}, Urgency.URGENT)
    record(verb="channel.tried", subject=channel, actor=by)
    return tell_channels(news, [channel], Matter(), timezone.now())[0]
