"""The sign of life of a worker, given by a thread of its own: a busy worker is not taken for a dead one."""

import logging
import threading

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from common.services import beat

log = logging.getLogger(__name__)

PULSE_SECONDS = 10.0
#: The workers that an installation needs, as they are named at their start: NAME@HOST.
WORKERS = ("page", "worker", "verify")


def heartbeat_of(worker: str) -> str:
    """The name under which a worker's heartbeat is kept; workers of one name on several hosts share it."""
    return f"worker:{worker}"


class Pulse:
    """Writes down that one worker lives, until it is stopped."""

    def __init__(self, worker: str) -> None:
        self.name = heartbeat_of(worker)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._beat()
            if self._stop.wait(PULSE_SECONDS):
                return

    def _beat(self) -> None:
        """The connection is not kept: a child that the pool forks meanwhile must not inherit it."""
        try:
            beat(self.name, now=timezone.now())
        except (DatabaseError, InterfaceError) as error:
            log.warning("a sign of life could not be written: %s", error)
        finally:
            connection.close()
