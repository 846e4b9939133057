"""Celery doors of this app."""

from celery import shared_task
from django.utils import timezone

from ledger import jobs, watch


@shared_task(name=jobs.VERIFY)
def verify() -> None:
    watch.verify_when_due(now=timezone.now())
