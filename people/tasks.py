"""Celery doors."""

from celery import shared_task

from people import jobs, services


# A mail server that is away for a moment is asked again: nobody wants to ask twice for a link.
@shared_task(name=jobs.SEND_PASSWORD_RESET, autoretry_for=(OSError,), retry_backoff=5, max_retries=4)
def send_password_reset(person_id: str) -> None:
    services.send_password_reset(person_id=person_id)
