"""Celery doors of this app."""

import uuid

from celery import shared_task
from django.utils import timezone

from incidents import jobs, services
from incidents.mail import reading, taking


@shared_task(name=jobs.LOOK_AT_CLOCKS)
def look_at_clocks() -> None:
    services.look_at_clocks()


@shared_task(name=jobs.TAKE_MAILS)
def take_mails(mailbox_id: str) -> None:
    taking.take_mails(mailbox_id=uuid.UUID(mailbox_id))


@shared_task(name=jobs.READ_MAIL)
def read_mail(mail_id: str) -> None:
    reading.read_mail(mail_id=uuid.UUID(mail_id))


@shared_task(name=jobs.WRITE_STATUS)
def write_status() -> None:
    services.write_status_page(now=timezone.now())
