"""What was put off by a clock that was ahead."""

from datetime import datetime

from django.db import transaction

from common.leases import shorten
from notify.choices import WAITING, DeliveryState
from notify.models import Channel, Delivery
from notify.services.resting import LONGEST_REST


@transaction.atomic
def count_anew(*, now: datetime) -> None:
    """The clock was ahead until now: what waits is tried now, and nobody holds or rests for longer than anybody may.

    Reminders that spoke too early do not speak again.
    """
    Delivery.objects.filter(state__in=WAITING, due_at__gt=now).update(due_at=now)
    shorten(Delivery.objects.filter(state=DeliveryState.SENDING), now=now)
    Channel.objects.filter(rests_until__gt=now + LONGEST_REST).update(rests_until=now)
