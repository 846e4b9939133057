"""The server with the demo's small databases, kept up for as long as this process lives.

`python -m common.demo_server`, reached by `manage.py demo_server`: for a unit of systemd or a container; the launcher
keeps the server up itself. It loads the settings but no app, and waits until somebody loads the demo.
"""

import signal
import sys
import threading
from typing import Any

from django.conf import settings

from common.embedded.demo import keeping
from common.embedded.errors import ServerError
from common.embedded.places import Places
from common.embedded.postgres import Postgres

#: How often it is asked whether the demo was loaded, or the server ended.
PAUSE_SECONDS = 0.5


class Keeper:
    """Keeps the server up until it is asked to stop."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.asked_to_stop = threading.Event()

    def run(self) -> int:
        """Returns the exit code: 1 when the server ended by itself, so that who keeps us up starts us again."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        try:
            with keeping(self.places):
                while not self.places.demo_postgres.is_dir():
                    if self.asked_to_stop.wait(PAUSE_SECONDS):
                        return 0
                return self._serve()
        except ServerError as refusal:
            print(refusal, file=sys.stderr, flush=True)
            return 1

    def _serve(self) -> int:
        cluster = Postgres.of_demo(self.places)
        cluster.stop()  # what a crash left over
        server = cluster.start(output=sys.stdout.fileno(), dies_with_us=signal.SIGINT)
        while server.poll() is None and not self.asked_to_stop.wait(PAUSE_SECONDS):
            continue
        cluster.stop()
        server.wait()
        return 0 if self.asked_to_stop.is_set() else 1

    def _ask_to_stop(self, *_signal: Any) -> None:
        self.asked_to_stop.set()


if __name__ == "__main__":
    sys.exit(Keeper(Places(settings.DATA_DIR)).run())
