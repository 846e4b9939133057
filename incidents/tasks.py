"""Celery doors of this app."""

from celery import shared_task

from incidents import jobs, services


@shared_task(name=jobs.LOOK_AT_CLOCKS)
def look_at_clocks() -> None:
    services.look_at_clocks()
