"""Who keeps the demo's database server up: told by locks, which the system takes back from the dead."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from common.embedded.errors import ServerError
from common.embedded.places import Places

LAUNCHER, KEEPER = "up.lock", "demo-server.lock"
#: Somebody may only be asking whether the lock is held.
PATIENCE_SECONDS = 2


def is_kept_up(places: Places) -> bool:
    """Whether somebody will have the server up as soon as its folder is there: the launcher, or a keeper alone."""
    return any(_is_held(places, name) for name in (LAUNCHER, KEEPER))


@contextmanager
def keeping(places: Places) -> Iterator[None]:
    """Be the only one who starts and stops the server. Raises ServerError when somebody else does already."""
    with (places.run / KEEPER).open("a") as lock:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _taken(lock, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise ServerError(f"The database server in {places.demo} is kept up by somebody else already.")
            time.sleep(0.1)
        yield


def _is_held(places: Places, name: str) -> bool:
    with (places.run / name).open("a") as lock:
        return not _taken(lock, fcntl.LOCK_SH)


def _taken(lock: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
