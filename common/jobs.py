"""The only door to the queue. The queue carries work, never the truth: rows are the truth."""

import logging
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

TICK = "common.tick"
SWEEP = "common.sweep"


def enqueue(name: str, *, queue: str = "default", **kwargs: Any) -> None:
    """Queue a Celery job once the current transaction has committed.

    kwargs are ids and plain values, never model instances: the worker reads fresh rows.
    A broker that is down loses nothing: the row waits, and tick or sweep queue it again.
    """
    transaction.on_commit(partial(_send, name, queue, kwargs))


def _send(name: str, queue: str, kwargs: dict[str, Any]) -> None:
    try:
        current_app.send_task(name, kwargs=kwargs, queue=queue, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("the broker did not take %s: %s", name, error)
