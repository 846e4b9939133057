"""Tick and sweep: ask every floor for what is due, each apart from the others."""

import logging
from datetime import datetime

from django.dispatch import Signal
from django.utils import timezone

from common import clock, signals
from common.models import Heartbeat

log = logging.getLogger(__name__)

#: The sign of life of the sweep.
SWEEP = "sweep"


def tick(*, now: datetime | None = None) -> None:
    """Let every floor claim what falls due. Safe to run several at once."""
    now = now or timezone.now()
    clock.notice(now=now)
    beat("beat", now=now)
    _ask(signals.tick, now)


def sweep(*, now: datetime | None = None) -> None:
    """Let every floor take up what was dropped. Safe to run several at once."""
    now = now or timezone.now()
    beat(SWEEP, now=now)
    _ask(signals.sweep, now)


def beat(name: str, *, now: datetime) -> None:
    """Write down a sign of life."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def _ask(signal: Signal, now: datetime) -> None:
    for receiver, answer in signal.send_robust(sender=None, now=now):
        if isinstance(answer, Exception):
            log.error("%s failed", getattr(receiver, "__qualname__", receiver), exc_info=answer)
