"""Servers of our own: made, shared by commands, recovered, refused."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis
from django.conf import settings

from common.embedded.errors import ServerError
from common.embedded.places import Places
from common.embedded.postgres import Postgres
from common.embedded.session import database_up
from common.embedded.valkey import Valkey

OWNER = {"name": "house", "owner": "keeper", "password": "secret-of-the-keeper"}


@pytest.fixture
def places() -> Iterator[Places]:
    """A data folder that servers of another account can reach, empty."""
    folder = Path(tempfile.mkdtemp(prefix="holdfast-places-"))
    made = Places(folder / "data")
    folder.chmod(0o711)
    made.make()
    yield made
    Postgres.of(made, made.secret("superuser-password")).stop()
    Valkey.of(made).stop()
    shutil.rmtree(folder)


def connect(places: Places, password: str = OWNER["password"]) -> "psycopg2.extensions.connection":
    return psycopg2.connect(
        host=str(places.postgres_sockets), dbname=OWNER["name"], user=OWNER["owner"], password=password
    )


def test_a_command_gets_its_database_and_leaves_nothing_running(places):
    with database_up(places, **OWNER):
        connection = connect(places)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == ("keeper", False)
        connection.close()
    assert Postgres.of(places, "").running() is None


def test_a_wrong_password_is_refused_even_on_the_socket(places):
    with database_up(places, **OWNER), pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(places, "guessed")


def test_the_database_has_no_port(places):
    with database_up(places, **OWNER):
        connection = connect(places)
        with connection.cursor() as cursor:
            cursor.execute("SHOW listen_addresses")
            assert cursor.fetchone() == ("",)
        connection.close()


def test_the_last_of_several_commands_stops_the_database(places):
    code = (
        "import sys; from common.embedded.places import Places; from common.embedded.session import database_up; "
        "from pathlib import Path\n"
        f"with database_up(Places(Path(sys.argv[1])), name='house', owner='keeper', password={OWNER['password']!r}):\n"
        "    print('up', flush=True); sys.stdin.readline()\n"
    )
    with database_up(places, **OWNER):
        other = subprocess.Popen(
            [sys.executable, "-c", code, str(places.data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
        )
        assert other.stdout is not None
        assert other.stdout.readline() == b"up\n"
    assert Postgres.of(places, "").running() is not None
    other.communicate(b"\n", timeout=30)
    assert Postgres.of(places, "").running() is None


def test_what_was_written_is_there_again_after_a_crash(places):
    cluster = Postgres.of(places, places.secret("superuser-password"))
    with database_up(places, **OWNER):
        connection = connect(places)
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('备份')")
        connection.close()
        server = cluster.running()
        assert server is not None
        for process in [*server.children(recursive=True), server]:
            with suppress(psutil.NoSuchProcess):  # a backend that has nothing left to do ends by itself
                process.kill()
        server.wait(10)
    with database_up(places, **OWNER):
        connection = connect(places)
        with connection.cursor() as cursor:
            cursor.execute("SELECT word FROM kept")
            assert cursor.fetchone() == ("备份",)
        connection.close()


def test_a_data_folder_that_was_half_made_is_made_again(places):
    cluster = Postgres.of(places, places.secret("superuser-password"))
    half = cluster.folder / "data.part"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with database_up(places, **OWNER):
        connect(places).close()


def test_a_socket_folder_of_somebody_else_is_refused(places):
    cluster = Postgres.of(places, places.secret("superuser-password"))
    elsewhere = places.data_dir / "elsewhere"
    elsewhere.mkdir()
    cluster.folder.mkdir()
    cluster.sockets.symlink_to(elsewhere)
    with pytest.raises(ServerError, match="is a link, made by somebody else"):
        cluster.start()


def test_valkey_keeps_what_it_was_given_after_a_crash(places):
    server = Valkey.of(places)
    process = server.start()
    client = redis.Redis(unix_socket_path=str(server.socket))
    client.set("word", "kept")
    client.execute_command("WAITAOF", 1, 0, 2000)
    process.kill()
    process.wait(10)
    again = server.start()
    assert client.get("word") == b"kept"
    client.close()
    server.stop()
    assert again.wait(10) == 0
    assert server.running() is None


def test_the_folders_of_the_servers_are_closed_to_others(places):
    with database_up(places, **OWNER):
        for folder in (places.postgres, places.postgres_sockets, places.run, places.secrets):
            assert folder.stat().st_mode & 0o077 == 0
        if os.geteuid() == 0:
            assert places.postgres.stat().st_uid != 0
