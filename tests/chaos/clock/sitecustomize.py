"""Python reads this at its start, in the products of these tests only: their clock is as far off as a file says.

The wall clock alone: what counts by the monotonic clock goes on counting, as on a machine whose clock jumps.
"""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

LOOK_EVERY_SECONDS = 0.2


def follow(file: Path) -> None:
    """Set the clock of this process by the file, for as long as the process lives."""
    clock, so_far = None, 0.0
    while not threading.Event().wait(LOOK_EVERY_SECONDS):
        try:
            wanted = float(file.read_text())
        except (OSError, ValueError):
            continue
        if wanted == so_far:
            continue
        if clock is None:
            import time_machine  # only where a clock really jumps

            clock = time_machine.travel(datetime.now(UTC), tick=True).start()
        clock.shift(timedelta(seconds=wanted - so_far))
        so_far = wanted


def begin() -> None:
    """Children that are forked follow anew; what their parent's clock showed they have already."""
    threading.Thread(target=follow, args=[Path(os.environ["HOLDFAST_TESTS_CLOCK"])], daemon=True).start()


if "HOLDFAST_TESTS_CLOCK" in os.environ:
    begin()
    os.register_at_fork(after_in_child=begin)
