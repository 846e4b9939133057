"""Celery doors."""

from uuid import UUID

from celery import shared_task

from people import jobs, services


@shared_task(name=jobs.SEND_PASSWORD_RESET)
def send_password_reset(person_id: str) -> None:
    services.send_password_reset(person_id=UUID(person_id))
