"""Celery doors of backups, and what a worker that is asked to stop tells the run it carries out."""

import os
import signal
import threading
from typing import Any

from billiard.process import active_children
from celery import shared_task
from celery.signals import worker_process_init, worker_ready, worker_shutting_down

from backups import jobs, services
from common.jobs import enqueue

#: Of the ten seconds that a worker has to stop, those in which a run may still end by itself.
GRACE_SECONDS = 5.0


@shared_task(name=jobs.CARRY_OUT)
def carry_out(run_id: str) -> None:
    services.carry_out(run_id=run_id)


@shared_task(name=jobs.CLEAN_UP)
def clean_up() -> None:
    services.clean_up()


@worker_ready.connect
def remove_what_the_last_worker_left(sender: Any, **_kwargs: Any) -> None:
    """A worker that was killed may have left a sandbox or half a copy."""
    if jobs.QUEUE in sender.app.amqp.queues.consume_from:
        enqueue(jobs.CLEAN_UP, queue=jobs.QUEUE)


@worker_process_init.connect
def listen_for_the_end(**_kwargs: Any) -> None:
    """In the process that carries out runs."""
    signal.signal(signal.SIGUSR2, lambda *_signal: services.interrupt())


@worker_shutting_down.connect
def interrupt_runs(**_kwargs: Any) -> None:
    """In the process above them: warm shutdown would wait for a long run to end."""
    timer = threading.Timer(GRACE_SECONDS, _interrupt_children)
    timer.daemon = True
    timer.start()


def _interrupt_children() -> None:
    for child in active_children():
        if child.pid is not None:
            os.kill(child.pid, signal.SIGUSR2)
