"""Celery doors of the two beats."""

from celery import shared_task

from common import jobs, services


@shared_task(name=jobs.TICK)
def tick() -> None:
    services.tick()


@shared_task(name=jobs.SWEEP)
def sweep() -> None:
    services.sweep()
