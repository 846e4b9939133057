"""The Celery application: carries work, never the truth. Long work is a row with a lease."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_ready, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# As root a worker gives each sandbox an account of its own, which it could not do with fewer rights; and it takes
# nothing but JSON, which is what the warning is about.
warnings.filterwarnings("ignore", message=r"\s*You're running the worker with superuser privileges")

app = Celery("holdfast")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_kwargs: Any) -> None:
    """Who listens here keeps Celery from setting up logs of its own; those of the settings hold."""


@worker_ready.connect
def begin_pulse(sender: Any, **_kwargs: Any) -> None:
    """From now on this worker says that it lives. Imported here: the apps are set up only by now."""
    from common.pulse import Pulse

    sender.pulse = Pulse(sender.hostname.partition("@")[0])
    sender.pulse.start()
    worker_shutdown.connect(lambda **_kwargs: sender.pulse.stop(), weak=False)
