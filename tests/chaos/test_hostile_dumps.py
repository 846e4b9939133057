"""Dumps in the custom format that do harm while they are restored. Each does it to a careless restore first."""

import socket
import threading
import time
from contextlib import closing
from datetime import timedelta

import pytest

from backups.adapters.errors import (
    DiskFull,
    DiskLimit,
    DumpNeedsRights,
    MemoryLimit,
    RestoreFailed,
    Stopped,
    TimeIsUp,
    ToolBroke,
)
from backups.adapters.sandbox import Limits
from backups.choices import Isolation, Outcome
from tests.backups.lab import MEBIBYTE, SHORT, disk_of, restored

#: Two functions, as an attacker writes them: an index wants one that changes nothing, so that one calls another.
RUN = """
CREATE FUNCTION act() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_database() <> '{source}' THEN
    {body}
  END IF;
END $$;
CREATE FUNCTION run(i int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  PERFORM public.act();
  RETURN i;
END $$
"""

FLOOD = """
EXECUTE 'CREATE TABLE public.flood AS SELECT repeat(md5(n::text), 30) AS x FROM generate_series(1, 2000000) n';
"""

TABLE = ("CREATE TABLE t (i int)", "INSERT INTO t VALUES (1)")

#: What PostgreSQL calls while it restores.
CALLERS = {
    "index": (*TABLE, "CREATE INDEX ON t (public.run(i))"),
    "check": ("CREATE TABLE t (i int, CHECK (public.run(i) = i))", "INSERT INTO t VALUES (1)"),
    "generated": (
        "CREATE TABLE t (i int, g int GENERATED ALWAYS AS (public.run(i)) STORED)",
        "INSERT INTO t VALUES (1)",
    ),
    "matview": (*TABLE, "CREATE MATERIALIZED VIEW v AS SELECT public.run(i) FROM t"),
}


def hostile(lab, body: str, way: str = "index"):
    database = lab.database()
    lab.run(database, RUN.format(source=database, body=body), *CALLERS[way])
    return lab.dump(database)


def program(marker) -> str:
    return f"EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch {marker}''';"


@pytest.mark.parametrize("way", CALLERS)
def test_functions_run_at_restore_and_find_no_rights(lab, way):
    marker = lab.marker()
    dump = hostile(lab, program(marker), way)

    lab.restore_undefended(dump)
    assert marker.exists()
    marker.unlink()

    with pytest.raises(DumpNeedsRights, match="asks for rights"), restored(dump, isolation=Isolation.NONE):
        pass
    assert not marker.exists()


@pytest.mark.parametrize(
    "read",
    [
        "PERFORM pg_read_file('/etc/passwd');",
        "PERFORM lo_import('/etc/passwd');",
        "EXECUTE 'CREATE TABLE public.stolen (t text)'; EXECUTE 'COPY public.stolen FROM ''/etc/passwd''';",
    ],
)
def test_files_of_the_host_are_not_read_into_what_is_restored(lab, read):
    dump = hostile(lab, read, "check")
    name = lab.restore_undefended(dump)
    assert lab.run(name, "SELECT count(*) FROM t") == [(1,)]  # it went through

    with pytest.raises(DumpNeedsRights), restored(dump, isolation=Isolation.NONE):
        pass


def test_a_dump_cannot_switch_the_clock_off(lab):
    """A limit inside the database is only a wish; the wall clock is outside."""
    dump = hostile(lab, "PERFORM set_config('statement_timeout', '0', false); PERFORM pg_sleep(600);")
    started = time.monotonic()
    with (
        pytest.raises(TimeIsUp, match="longer than the policy allows"),
        restored(dump, limits=Limits(wall_clock=timedelta(seconds=6), keep_free_bytes=0)),
    ):
        pass
    assert time.monotonic() - started < 12


def test_endless_computing_ends_too(lab):
    dump = hostile(lab, "LOOP NULL; END LOOP;")
    with (
        pytest.raises(TimeIsUp),
        restored(dump, limits=Limits(wall_clock=timedelta(seconds=6), keep_free_bytes=0)),
    ):
        pass


def test_a_restore_ends_on_demand(lab):
    dump = hostile(lab, "PERFORM pg_sleep(600);")
    stop = threading.Event()
    threading.Timer(5, stop.set).start()
    with pytest.raises(Stopped), restored(dump, stop=stop):
        pass


def test_rows_without_end_do_not_fill_the_disk(lab):
    """Where the kernel ends the server first, at the limit on one file, all that is known is that it broke."""
    dump = hostile(lab, FLOOD, "check")
    with (
        pytest.raises((DiskLimit, ToolBroke)) as caught,
        restored(dump, limits=Limits(wall_clock=SHORT.wall_clock, keep_free_bytes=0, disk_bytes=200 * MEBIBYTE)),
    ):
        pass
    assert caught.value.outcome == Outcome.ERROR


def test_a_disk_that_is_full_is_said_as_such(lab):
    with (
        pytest.raises((DiskFull, DiskLimit, ToolBroke)),
        restored(hostile(lab, FLOOD, "check"), **disk_of(200 * MEBIBYTE)),
    ):
        pass


def test_memory_without_end_does_not_take_the_host_down(lab):
    hungry = "PERFORM length(string_agg(repeat('x', 1000000), '')) FROM generate_series(1, 900);"
    small = Limits(wall_clock=SHORT.wall_clock, keep_free_bytes=0, memory_bytes=700 * MEBIBYTE)
    with pytest.raises((MemoryLimit, RestoreFailed)), restored(hostile(lab, hungry), limits=small):
        pass


def test_a_subscription_reaches_nobody(lab):
    """A careless restore as superuser makes it, and it calls home; here it is not even made."""
    database = lab.database("CREATE TABLE t (i int)")
    lab.run(database, "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false)")
    dump = lab.dump(database)
    name = lab.restore_undefended(dump)
    made = "SELECT count(*) FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid WHERE datname = '%s'"
    try:
        assert lab.run(name, made % name) == [(1,)]
        with restored(dump) as (cluster, back):
            assert [entry.split(" - ")[0] for entry in back.left_out] == ["SUBSCRIPTION"]
            assert cluster.query("SELECT count(*) FROM pg_stat_subscription") == [["0"]]
    finally:
        for each in (database, name):
            lab.run(each, "ALTER SUBSCRIPTION s SET (slot_name = NONE)", "DROP SUBSCRIPTION s")


def test_links_to_other_databases_are_not_made(lab):
    database = lab.database(
        "CREATE TABLE t (i int)",
        "CREATE FOREIGN DATA WRAPPER w",
        "CREATE SERVER elsewhere FOREIGN DATA WRAPPER w OPTIONS (host '127.0.0.1')",
        "CREATE USER MAPPING FOR PUBLIC SERVER elsewhere OPTIONS (password 'secret')",
        "CREATE FOREIGN TABLE far (i int) SERVER elsewhere",
    )
    with restored(lab.dump(database)) as (cluster, back):
        assert len(back.left_out) == 4
        assert cluster.query("SELECT count(*) FROM pg_foreign_server") == [["0"]]


def test_an_event_trigger_does_not_run(lab):
    marker = lab.marker()
    database = lab.database("CREATE TABLE t (i int)", "CREATE TABLE u (i int)")
    lab.run(
        database,
        f"CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN {program(marker)} END $$",
        "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
    )
    dump = lab.dump(database)
    name = lab.restore_undefended(dump)
    lab.run(name, "CREATE TABLE more (i int)")
    assert marker.exists()
    marker.unlink()

    with restored(dump, isolation=Isolation.NONE):
        pass
    assert not marker.exists()


def test_even_a_superuser_inside_does_not_get_out(lab):
    """The walls hold where the role would not: what if a flaw of PostgreSQL gave a dump every right?"""
    marker = lab.marker()
    with restored(lab.dump(lab.database())) as (cluster, _):
        out = f"COPY (SELECT 1) TO PROGRAM 'touch {marker}; cat /etc/shadow > /w/shadow; touch /usr/mine'"
        cluster._psql(f"{out};", role="postgres", database="restored")
        assert not marker.exists()
        assert (cluster.box.folder / "shadow").read_text() == ""
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            server.settimeout(0.2)
            calling = f"bash -c ''exec 3<>/dev/tcp/127.0.0.1/{server.getsockname()[1]}''"
            cluster._psql(f"COPY (SELECT 1) TO PROGRAM '{calling}';", role="postgres", database="restored")
            with pytest.raises(TimeoutError):
                server.accept()
