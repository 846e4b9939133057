"""The small PostgreSQL server on which the demo's databases live: another one than Holdfast's own."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from django.conf import settings

from common.embedded.errors import ServerError
from common.embedded.places import Places
from common.embedded.postgres import Postgres

PATIENCE_SECONDS = 60


@contextmanager
def server_up() -> Iterator[Postgres]:
    """The server, made where there is none. The launcher keeps it up, where one runs; else it is up as long as this.

    Raises ServerError.
    """
    places = Places(Path(settings.DATA_DIR))
    cluster = Postgres.of_demo(places)
    places.demo_postgres.mkdir(parents=True, exist_ok=True)  # the launcher sees it, and starts the server
    places.demo.chmod(0o711)
    if _launcher_is_up(places):
        _wait_for(cluster)
        yield cluster
        return
    was_up = cluster.answers()
    if not was_up:
        cluster.start()
    try:
        yield cluster
    finally:
        if not was_up:
            cluster.stop()


def write(cluster: Postgres, database: str, password: str, statements: str, numbers: dict[str, int]) -> None:
    """Make a database, owned by a role of the same name, and fill it. One that holds something stays as it is."""
    cluster.ensure_database(database, database, password)
    own = psycopg2.connect(host=str(cluster.sockets), dbname=database, user=database, password=password)
    with closing(own), own, own.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')")
        if not cursor.fetchone()[0]:
            cursor.execute(statements, numbers)


def _wait_for(cluster: Postgres) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not cluster.answers():
        if time.monotonic() > deadline:
            raise ServerError("The demo's database server does not answer; its data is in " + str(cluster.folder))
        time.sleep(0.1)


def _launcher_is_up(places: Places) -> bool:
    with (places.run / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        return False
