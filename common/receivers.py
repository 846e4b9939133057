"""What the lowest floor does at the sweep."""

from datetime import datetime, timedelta
from typing import Any

from django.dispatch import receiver

from common import facts, files, retention, services
from common.models import Heartbeat
from common.rest import idempotency
from common.signals import sweep

ORPHANS = "orphans"
LOOK_FOR_ORPHANS_EVERY = timedelta(hours=1)
FORGETTING = "forgetting"
FORGET_EVERY = timedelta(hours=1)


@receiver(sweep, dispatch_uid="common.deliver_pending")
def deliver_pending(*, now: datetime, **kwargs: Any) -> None:
    """Ask again those who failed to take a fact."""
    facts.deliver_pending(now=now)


@receiver(sweep, dispatch_uid="common.remove_orphans")
def remove_orphans(*, now: datetime, **kwargs: Any) -> None:
    """Remove files that belong to nothing. Every folder is read, so once an hour is enough."""
    if not Heartbeat.objects.filter(name=ORPHANS, at__gt=now - LOOK_FOR_ORPHANS_EVERY).exists():
        services.beat(ORPHANS, now=now)
        files.remove_orphans(now=now)


@receiver(sweep, dispatch_uid="common.forget_kept_answers")
def forget_kept_answers(*, now: datetime, **kwargs: Any) -> None:
    """Remove answers that nobody may ask for again."""
    idempotency.forget_old(now=now)


@receiver(sweep, dispatch_uid="common.forget_old")
def forget_old(*, now: datetime, **kwargs: Any) -> None:
    """Remove what is kept for a time only."""
    if not Heartbeat.objects.filter(name=FORGETTING, at__gt=now - FORGET_EVERY).exists():
        services.beat(FORGETTING, now=now)
        retention.forget_old(now=now)
