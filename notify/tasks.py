"""Celery doors of this app."""

from celery import shared_task

from notify import jobs, services


@shared_task(name=jobs.SEND_DUE)
def send_due(urgency: str, lane: str = "mail") -> None:
    services.send_due(urgency=urgency, lane=lane)


@shared_task(name=jobs.REMIND_DUE)
def remind_due() -> None:
    services.remind_due()
