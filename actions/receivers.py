"""What the beat asks of this app."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from actions import services
from common.signals import tick


@receiver(tick, dispatch_uid="actions.reopen_run_out")
def on_tick(now: datetime, **_more: Any) -> None:
    services.reopen_run_out(now=now)
