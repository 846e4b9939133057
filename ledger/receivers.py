"""What the ledger does at each beat."""

from datetime import datetime, timedelta
from typing import Any

from django.dispatch import receiver

from common.clock import CLOCK_SET_BACK
from common.jobs import enqueue
from common.models import Heartbeat
from common.signals import sweep, tick
from ledger import heads, jobs, watch
from ledger.models import Seal
from ledger.sealing import LIMIT, seal_pending, unsealed
from ledger.services import record

#: No entry waits longer than a minute for its seal: half of it, and the beats between.
LONGEST_WAIT = timedelta(seconds=30)


@CLOCK_SET_BACK.receiver("ledger.record_clock")
def record_clock(*, was: str, now: str) -> None:
    """Entries before this one may bear a time that was still to come."""
    beat = Heartbeat(name="beat")
    record(verb="clock.set_back", subject=beat, actor="system:tick", data={"was": was, "now": now})


@receiver(tick, dispatch_uid="ledger.seal")
def seal_when_due(*, now: datetime, **kwargs: Any) -> None:
    """Seal when something waits long enough, or enough is waiting."""
    waiting = unsealed(Seal.objects.order_by("-number").first())
    if waiting.filter(at__lte=now - LONGEST_WAIT).exists() or waiting.order_by("id")[LIMIT - 1 : LIMIT].exists():
        seal_pending(now=now)


@receiver(sweep, dispatch_uid="ledger.publish_heads")
def publish_heads(**kwargs: Any) -> None:
    """Let out the heads of seals whose maker died before it could."""
    heads.publish()


@receiver(sweep, dispatch_uid="ledger.verify")
def verify_when_due(*, now: datetime, **kwargs: Any) -> None:
    """Have the whole ledger computed again once a day, in the background."""
    if watch.ask(now):
        enqueue(jobs.VERIFY)
