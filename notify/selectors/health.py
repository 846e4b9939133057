"""How channels and ways do: what they took last, what failed last and why, and what waits."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, OuterRef, QuerySet, Subquery

from notify.choices import WAITING, WAY_OF, ChannelKind, DeliveryState, Way
from notify.models import Attempt, Channel, Delivery
from notify.models.attempts import TAKEN
from notify.selectors.channels import channels_visible_to, may_see_channels
from people.selectors import Anyone

#: Tries are counted over this long.
LATELY = timedelta(days=1)
#: Ways to people, as one each; channels stand for themselves.
TO_PEOPLE = (Way.EMAIL, Way.CONTACT)
STILL_TO_SEND = (*WAITING, DeliveryState.SENDING)


@dataclass(frozen=True)
class Queue:
    """Deliveries that are still to be sent: how many, when the oldest was due, and how often one was tried."""

    length: int = 0
    since: datetime | None = None
    most_tries: int = 0


@dataclass(frozen=True)
class Tried:
    """Tries of the last day, and how many of them failed."""

    count: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Health:
    """How one channel or way does. None: nothing within the time that tries are kept."""

    channel: Channel | None
    way: Way
    last_taken_at: datetime | None
    last_failed: Attempt | None
    queue: Queue
    tried: Tried

    @property
    def is_failing(self) -> bool:
        """Whether the newest try failed."""
        if self.last_failed is None:
            return False
        return self.last_taken_at is None or self.last_failed.created_at > self.last_taken_at

    @property
    def is_unknown(self) -> bool:
        """Whether nothing was ever tried, as far as is known."""
        return self.last_failed is None and self.last_taken_at is None


Key = tuple[str, uuid.UUID | None]


def health_of(user: Anyone, *, now: datetime) -> list[Health]:
    """Of the ways to people, then of every channel by its name. Nothing for those who may not see channels.

    The number of queries does not grow with channels.
    """
    if not may_see_channels(user):
        return []
    queues, tried = _queues(), _tried(now - LATELY)
    found = [_of_way(way, queues, tried) for way in TO_PEOPLE]
    of_channel = Attempt.objects.filter(channel=OuterRef("pk")).order_by("-created_at")
    channels = channels_visible_to(user).annotate(
        last_taken_at=Subquery(of_channel.filter(TAKEN).values("created_at")[:1]),
        last_failed_id=Subquery(of_channel.filter(~TAKEN).values("pk")[:1]),
    )
    rows = list(channels.order_by("name"))
    failed = Attempt.objects.in_bulk([each.last_failed_id for each in rows if each.last_failed_id])
    for each in rows:
        way = WAY_OF[ChannelKind(each.kind)]
        key = (way.value, each.pk)
        last = failed.get(each.last_failed_id)
        found.append(Health(each, way, each.last_taken_at, last, queues.get(key, Queue()), tried.get(key, Tried())))
    return found


def _of_way(way: Way, queues: dict[Key, Queue], tried: dict[Key, Tried]) -> Health:
    newest = Attempt.objects.filter(way=way).order_by("-created_at")
    taken, failed = newest.filter(TAKEN).first(), newest.filter(~TAKEN).first()
    key = (way.value, None)
    return Health(
        None, way, taken.created_at if taken else None, failed, queues.get(key, Queue()), tried.get(key, Tried())
    )


def _queues() -> dict[Key, Queue]:
    waiting: QuerySet[Delivery] = Delivery.objects.filter(state__in=STILL_TO_SEND).order_by()
    grouped = waiting.values_list("way", "channel").annotate(length=Count("pk"), since=Min("due_at"), most=Max("tries"))
    return {(way, channel): Queue(count, since, tries) for way, channel, count, since, tries in grouped}


def _tried(since: datetime) -> dict[Key, Tried]:
    rows = Attempt.objects.filter(created_at__gte=since).order_by().values_list("way", "channel")
    grouped = rows.annotate(count=Count("pk"), failed=Count("pk", filter=~TAKEN))
    return {(way, channel): Tried(count, failed) for way, channel, count, failed in grouped}
