"""What backups do on every tick and sweep."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from backups import services
from common.clock import CLOCK_SET_BACK
from common.signals import sweep, tick


@receiver(tick, dispatch_uid="backups.claim_due")
def claim_due(now: datetime, **_kwargs: Any) -> None:
    services.claim_due(now=now)


@CLOCK_SET_BACK.receiver("backups.count_anew")
def count_anew(was: str, now: str) -> None:
    right = datetime.fromisoformat(now)
    services.count_anew(now=right)
    services.date_copies_anew(was=datetime.fromisoformat(was), now=right)


@receiver(sweep, dispatch_uid="backups.take_back")
def take_back(now: datetime, **_kwargs: Any) -> None:
    services.take_back(now=now)
    services.queue_again(now=now)
