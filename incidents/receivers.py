"""Facts of lower floors, and the beat, that incidents listen to."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from backups.signals import RUN_ENDED
from common.signals import tick
from incidents import services, wholeness
from incidents.runs import take_up
from ledger.signals import LEDGER_NOT_WHOLE


@RUN_ENDED.receiver("incidents.take_up_run")
def run_ended(run_id: str, **_more: Any) -> None:
    take_up(run_id=run_id)


@LEDGER_NOT_WHOLE.receiver("incidents.take_up_ledger")
def ledger_not_whole(**finding: Any) -> None:
    wholeness.take_up(finding=finding)


@receiver(tick, dispatch_uid="incidents.resume_due")
def on_tick(now: datetime, **_more: Any) -> None:
    services.resume_due(now=now)
