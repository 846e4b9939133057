"""The small PostgreSQL server on which the demo's databases live: another one than Holdfast's own."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from django.conf import settings
from django.utils.translation import gettext as _

from common.embedded.demo import is_kept_up, keeping
from common.embedded.errors import ServerError
from common.embedded.places import Places
from common.embedded.postgres import Postgres

PATIENCE_SECONDS = 60
#: How long is waited for whoever keeps it up and is just being started, as we are.
KEEPER_SECONDS = 5


@contextmanager
def server_up() -> Iterator[Postgres]:
    """The server, made where there is none, and up for as long as this. Whoever keeps it up for good starts it.

    Raises ServerError, also where nobody would have it up afterwards: what is saved from it could not be saved.
    """
    places = Places(Path(settings.DATA_DIR))
    cluster = Postgres.of_demo(places)
    if not settings.OWN_DATABASE and not _keeper_comes(places):
        raise ServerError(
            _(
                "The demo has a small database server of its own, and nothing keeps it up here: start "
                "“manage.py demo_server” as a unit or a container beside the others, then load the demo."
            )
        )
    places.demo_postgres.mkdir(parents=True, exist_ok=True)  # whoever keeps it up sees it, and starts the server
    places.demo.chmod(0o711)
    if is_kept_up(places):
        _wait_for(cluster)
        yield cluster
    else:
        with keeping(places), _up_meanwhile(cluster):
            yield cluster


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
            raise ServerError(
                _("The demo's database server does not answer; its data is in %(folder)s.") % {"folder": cluster.folder}
            )
        time.sleep(0.1)


def _keeper_comes(places: Places) -> bool:
    deadline = time.monotonic() + KEEPER_SECONDS
    while not is_kept_up(places):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


@contextmanager
def _up_meanwhile(cluster: Postgres) -> Iterator[None]:
    was_up = cluster.answers()
    if not was_up:
        cluster.start()
    try:
        yield
    finally:
        if not was_up:
            cluster.stop()
