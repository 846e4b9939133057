"""The database of our own, up for as long as one command needs it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from common.embedded.demo import is_kept_up
from common.embedded.places import Places
from common.embedded.postgres import Postgres


@contextmanager
def database_up(places: Places, *, name: str, owner: str, password: str) -> Iterator[None]:
    """Start the database unless it is up, and the demo's where there is one; stop them when nobody uses them any more.

    Who uses it holds a shared lock, which the system takes back from the dead. Raises ServerError.
    """
    cluster = Postgres.of(places, places.secret("superuser-password"))
    with (places.run / "database.lock").open("a") as users, (places.run / "database-starting.lock").open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        if not cluster.answers():
            with _log(places.data_dir / "postgres.log") as log:
                cluster.start(output=log)
            cluster.ensure_database(name, owner, password)
        for other in _beside(places):
            if not other.answers():
                other.start()
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(door, fcntl.LOCK_EX)
            if _last(users):
                for each in (cluster, *_beside(places)):
                    each.stop()


def _beside(places: Places) -> list[Postgres]:
    """The demo's server is ours to start and stop only while nobody keeps it up: whom we forestall cannot stop it."""
    return [Postgres.of_demo(places)] if places.demo_postgres.is_dir() and not is_kept_up(places) else []


def _last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _log(path: Path) -> IO[bytes]:
    """What the server says, of the last start only: it is of use when a start fails."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
