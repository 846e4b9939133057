"""What the two beats ask of this app."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from common import signals
from notify import services


@receiver(signals.tick, dispatch_uid="notify.hand_out")
def hand_out(now: datetime, **_kwargs: Any) -> None:
    services.hand_out(now=now)


@receiver(signals.sweep, dispatch_uid="notify.take_back")
def take_back(now: datetime, **_kwargs: Any) -> None:
    services.take_back(now=now)
