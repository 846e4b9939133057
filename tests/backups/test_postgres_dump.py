"""Saving a database: whole, at one moment, with a canary; and each refusal of a source as a sentence."""

import threading
from contextlib import closing

import psycopg2
import pytest

from backups.adapters.errors import (
    DiskFull,
    DumpFailed,
    SourceNotReadable,
    SourceSettingsWrong,
    SourceUnreachable,
    Stopped,
    TimeIsUp,
    UnknownDatabase,
    WrongCredential,
)
from backups.adapters.postgres import Source, connect, dump
from tests.backups.lab import restored

ODD_NAMES = [
    "plain",
    "-rf",
    "--file=/tmp/stolen",
    "$(touch /tmp/stolen)",
    "a\nb",
    'it\'s "quoted"',
    "host=elsewhere dbname=other",
    "postgresql://elsewhere/other",
    "数据库",
]


def saved(lab, database, **other):
    return dump(lab.source(database, **other), lab.folder / f"{database.encode().hex()[:40]}.dump", wall_clock=60)


def test_a_dump_tells_what_it_holds(lab):
    database = lab.database(
        "CREATE EXTENSION pg_trgm",
        'CREATE SCHEMA "odd Schema"',
        "CREATE TABLE orders (id int)",
        "INSERT INTO orders SELECT generate_series(1, 42)",
        'CREATE TABLE "odd Schema"."a ""b""; c" (id int)',
    )
    dumped = saved(lab, database)
    assert dumped.survey.rows == {"public.orders": 42, '"odd Schema"."a ""b""; c"': 0, "public.holdfast_canary": 1}
    assert dumped.survey.extensions == [{"name": "pg_trgm", "schema": "public", "version": "1.6"}]
    assert dumped.survey.uncounted == []
    assert dumped.server_version.startswith("18.")
    assert dumped.bytes > 0
    assert dumped.manifest()["canary"] == {"id": dumped.canary.id, "at": dumped.canary.at.isoformat()}


def test_rows_and_dump_are_of_the_same_moment(lab):
    """What is written while the dump runs is in neither."""
    database = lab.database("CREATE TABLE t (i int)", "INSERT INTO t VALUES (1)")
    target = lab.folder / "moment.dump"
    stop = threading.Event()

    def write():
        while not stop.is_set():
            lab.run(database, "INSERT INTO t SELECT generate_series(1, 100)")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        dumped = dump(lab.source(database), target, wall_clock=60)
    finally:
        stop.set()
        writer.join()
    with restored(target) as (cluster, _):
        assert cluster.query("SELECT count(*) FROM t") == [[str(dumped.survey.rows["public.t"])]]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_database_may_be_called_anything(lab, name):
    database = lab.database("CREATE TABLE t (i int)", name=name)
    assert "public.t" in saved(lab, database).survey.rows


def test_the_password_is_in_no_evidence(lab):
    dumped = saved(lab, lab.database())
    assert lab.password not in dumped.finished.command
    assert lab.password not in dumped.finished.tail


def test_a_wrong_password_is_a_sentence_and_leaves_no_file(lab):
    with pytest.raises(WrongCredential, match="refused the user name or the password") as raised:
        saved(lab, lab.database(), password="wrong")
    assert "password authentication failed" in raised.value.evidence.tail
    assert not list(lab.folder.glob("*.dump"))


def test_an_unknown_user_is_a_wrong_credential(lab):
    with pytest.raises(WrongCredential):
        saved(lab, lab.database(), user="nobody_here")


def test_an_unknown_database_is_a_sentence(lab):
    with pytest.raises(UnknownDatabase, match="no database of that name"):
        saved(lab, "never_made")


@pytest.mark.parametrize("host", ["/nowhere", "127.0.0.1", "no-such-host.invalid"])
def test_a_source_that_does_not_answer_is_a_sentence(host):
    source = Source.of({"host": host, "port": 9, "database": "d", "user": "u"}, "")
    with pytest.raises(SourceUnreachable, match=f"The source at {host} does not answer"), connect(source):
        pass


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"host": "", "database": "d", "user": "u"},
        {"host": "h\0x", "database": "d", "user": "u"},
        {"host": "h", "database": "d\ud800", "user": "u"},
        {"host": "h", "database": "d", "user": ["u"]},
        {"host": "h", "database": "d", "user": "u", "port": "65536"},
        {"host": "h", "database": "d", "user": "u", "port": True},
        {"host": "h", "database": "d", "user": "u", "port": "5432 --file=x"},
        {"host": "h", "database": "d", "user": "u", "encryption": "off"},
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(given):
    with pytest.raises(SourceSettingsWrong, match=r"The source's \w+ cannot be used"):
        Source.of(given, "")


def test_a_user_who_may_not_read_everything_is_told_what_to_grant(lab):
    database = lab.database("CREATE TABLE secret (i int)")
    with pytest.raises(SourceNotReadable, match="pg_read_all_data"):
        saved(lab, database, user=lab.role(), password="secret")


def test_rows_hidden_by_row_security_are_not_left_out_in_silence(lab):
    role = lab.role("LOGIN IN ROLE pg_read_all_data")
    database = lab.database("CREATE TABLE t (i int)", "ALTER TABLE t ENABLE ROW LEVEL SECURITY")
    with pytest.raises(SourceNotReadable):
        saved(lab, database, user=role, password="secret")


def test_a_source_that_may_only_be_read_is_saved_without_a_canary(lab):
    role = lab.role("LOGIN IN ROLE pg_read_all_data")
    dumped = saved(lab, lab.database("CREATE TABLE t (i int)"), user=role, password="secret")
    assert dumped.canary is None
    assert dumped.survey.rows == {"public.t": 0}


def test_old_canaries_are_cleared_away(lab):
    database = lab.database(
        "CREATE TABLE holdfast_canary (id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())",
        "INSERT INTO holdfast_canary SELECT gen_random_uuid(), to_timestamp(n) FROM generate_series(1, 50) n",
    )
    assert saved(lab, database).survey.rows["public.holdfast_canary"] == 20


def test_a_table_of_that_name_that_is_not_ours_is_left_alone(lab):
    database = lab.database("CREATE TABLE holdfast_canary (song text)", "INSERT INTO holdfast_canary VALUES ('la')")
    dumped = saved(lab, database)
    assert dumped.canary is None
    assert dumped.survey.rows["public.holdfast_canary"] == 1


def test_a_dump_that_takes_too_long_is_ended_on_both_sides(lab):
    database = lab.database("CREATE TABLE t (i int)")
    with Locked(lab, database), pytest.raises((TimeIsUp, Stopped)):
        dump(lab.source(database), lab.folder / "late.dump", wall_clock=1)
    assert not lab.run("postgres", f"SELECT 1 FROM pg_stat_activity WHERE datname = '{database}' AND state = 'active'")


def test_a_dump_ends_on_demand(lab):
    database = lab.database("CREATE TABLE t (i int)")
    stop = threading.Event()
    threading.Timer(1, stop.set).start()
    with Locked(lab, database), pytest.raises(Stopped):
        dump(lab.source(database), lab.folder / "stopped.dump", wall_clock=60, stop=stop)


def test_a_full_disk_is_a_sentence(lab):
    database = lab.database("CREATE TABLE t (i int)")
    with pytest.raises((DiskFull, DumpFailed)) as raised:
        dump(lab.source(database), lab.folder.__class__("/dev/full"), wall_clock=60)
    assert raised.value.evidence.exit_code != 0


class Locked:
    """Somebody holds a lock that pg_dump has to wait for."""

    def __init__(self, lab, database):
        self.connection = psycopg2.connect(host=lab.host, dbname=database, user=lab.user, password=lab.password)

    def __enter__(self):
        self.connection.cursor().execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")

    def __exit__(self, *exc):
        with closing(self.connection):
            self.connection.rollback()
