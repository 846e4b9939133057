"""Trying a channel out: a real message to it alone."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ledger.services import Actor, record
from notify.about import About
from notify.choices import Urgency
from notify.errors import TriedJustNow
from notify.events import Matter
from notify.models import Channel, Delivery
from notify.services.keeping import check_on
from notify.services.telling import news_of, tell_channels

TEST = "notify.channel_test"
#: It is somebody else's server that is asked.
ONCE_IN = timedelta(minutes=1)


@transaction.atomic
def try_channel(*, channel_id: uuid.UUID, by: Actor) -> Delivery:
    """Send a test message to the channel. Raises ChannelOff or TriedJustNow."""
    channel, now = Channel.objects.select_for_update().get(pk=channel_id), timezone.now()
    check_on(channel)
    about = About(channel._meta.label_lower, str(channel.pk), channel.name)
    tests = Delivery.objects.filter(channel=channel, message__kind=TEST)
    if tests.filter(created_at__gt=now - ONCE_IN).exists():
        raise TriedJustNow(name=channel.name)
    news = news_of(TEST, about, {"by": str(by)}, Urgency.URGENT)
    record(verb="channel.tried", subject=channel, actor=by)
    return tell_channels(news, [channel], Matter(), now)[0]
