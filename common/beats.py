"""What sends tick and sweep: by a clock that only goes forward, whatever the clock on the wall does."""

import time
from typing import Any

from celery.beat import Scheduler


class SteadyScheduler(Scheduler):
    """Each entry every so many seconds, from the start on; nothing is kept.

    Celery's own counts in wall time and keeps it in a file: a clock that was ten hours ahead and is put right
    silences it for ten hours, beyond a restart.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._due: dict[str, float] = {}
        super().__init__(*args, **kwargs)

    def tick(self, *_args: Any, **_kwargs: Any) -> float:
        """Send what is due. Returns the seconds until the next."""
        for name, entry in list(self.schedule.items()):
            if self._due.get(name, 0.0) <= time.monotonic():
                self._send(name, entry)
        return max(0.0, min(self._due.values()) - time.monotonic())

    def _send(self, name: str, entry: Any) -> None:
        """A broker that is away for longer than an entry's pause is asked again, but nothing is made up for."""
        self._due[name] = time.monotonic() + entry.schedule.seconds
        fresh: Any = self.reserve(entry)
        self.apply_entry(fresh, producer=self.producer)
