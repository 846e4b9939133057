"""Facts of lower floors, and the beat, that incidents listen to."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.utils import timezone

from backups.signals import RUN_ENDED
from common.secrets import unseal
from common.signals import sweep, tick
from incidents import checklist, services, wholeness
from incidents.clocks import looking
from incidents.mail import forgetting, reading, taking
from incidents.models import AuthorityReport
from incidents.runs import take_up
from ledger.signals import LEDGER_NOT_WHOLE
from notify.signals import DELIVERY_DEAD
from people.signals import CALENDAR_CHANGED, PERSON_ANONYMISED

FORGOTTEN_EVERY = timedelta(minutes=10)


@RUN_ENDED.receiver("incidents.take_up_run")
def run_ended(run_id: str, **_more: Any) -> None:
    take_up(run_id=run_id)


@LEDGER_NOT_WHOLE.receiver("incidents.take_up_ledger")
def ledger_not_whole(**finding: Any) -> None:
    wholeness.take_up(finding=finding)


@receiver(tick, dispatch_uid="incidents.resume_due")
def on_tick(now: datetime, **_more: Any) -> None:
    services.resume_due(now=now)


@receiver(tick, dispatch_uid="incidents.look_at_clocks")
def look_at_clocks(now: datetime, **_more: Any) -> None:
    services.hand_out_looks(now=now)


@receiver(sweep, dispatch_uid="incidents.look_at_forgotten")
def look_at_forgotten(now: datetime, **_more: Any) -> None:
    """Once in ten minutes is enough."""
    if cache.add("incidents.look_at_forgotten", 1, FORGOTTEN_EVERY.total_seconds()):
        looking.look_at_forgotten(now=now)


@CALENDAR_CHANGED.receiver("incidents.count_otherwise")
def calendar_changed(**_more: Any) -> None:
    """All of them: which ones count by it would take longer to find out than to look."""
    looking.look_at_all(now=timezone.now())


@PERSON_ANONYMISED.receiver("incidents.forget_writer")
def forget_writer(person_id: str, sealed_addresses: str = "", **_more: Any) -> None:
    """Mails as they came say who wrote them."""
    addresses = unseal(sealed_addresses).splitlines() if sealed_addresses else []
    forgetting.forget_writer(person_id=uuid.UUID(person_id), addresses=addresses)


@receiver(tick, dispatch_uid="incidents.take_mails")
def take_mails(now: datetime, **_more: Any) -> None:
    taking.hand_out(now=now)


@receiver(sweep, dispatch_uid="incidents.read_mails")
def read_mails(now: datetime, **_more: Any) -> None:
    reading.hand_out(now=now)


@receiver(tick, dispatch_uid="incidents.take_due_steps")
def call_the_next(now: datetime, **_more: Any) -> None:
    services.take_due_steps(now=now)


@receiver(tick, dispatch_uid="incidents.watch_silence")
def watch_silence(now: datetime, **_more: Any) -> None:
    services.watch_silence(now=now)


@receiver(sweep, dispatch_uid="incidents.close_due")
def on_sweep(now: datetime, **_more: Any) -> None:
    services.close_due(now=now)


@receiver(post_migrate, dispatch_uid="incidents.fill_checklist")
def fill_checklist(sender: AppConfig, apps: Any = installed, **_more: Any) -> None:
    """What is shipped is there after each migration that knows of checklists."""
    if sender.label == "incidents" and "evidenceitem" in apps.all_models["incidents"]:
        checklist.fill()


@receiver(sweep, dispatch_uid="incidents.remind")
def remind(now: datetime, **_more: Any) -> None:
    services.remind_of_reports(now=now)
    services.settle_mailed(now=now)


@DELIVERY_DEAD.receiver("incidents.report_came_back")
def report_came_back(message_id: str, **_more: Any) -> None:
    """A report to an authority that counted as sent may have reached nobody."""
    for pk in AuthorityReport.objects.filter(mail=uuid.UUID(message_id)).values_list("pk", flat=True):
        services.settle_mail(report_id=pk, now=timezone.now())


@receiver(sweep, dispatch_uid="incidents.status_page")
def keep_status_page(now: datetime, **_more: Any) -> None:
    services.write_status_page(now=now)
