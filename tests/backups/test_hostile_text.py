"""A dump as text can hold commands for psql. Each runs on the host that restores it, unless it is fed our way."""

import pytest

from backups.adapters.errors import DumpNeedsRights, DumpRunsCommands, RestoreFailed
from backups.adapters.postgres import Cluster, restore
from backups.choices import Isolation
from tests.backups.lab import sandbox

#: Every way in which psql runs a program of the host. %(marker)s is a file they make.
COMMANDS = {
    "bang": r"\! touch %(marker)s",
    "out": "\\o | touch %(marker)s\nSELECT 1;",
    "go": r"SELECT 1 \g | touch %(marker)s",
    "write": "SELECT 1\n\\w | touch %(marker)s\n;",
    "backtick": r"\set x `touch %(marker)s`",
    "copy": r"\copy (SELECT 1) TO PROGRAM 'touch %(marker)s'",
}


REFUSALS = ("permission denied", "must be", "denied to", "nly roles", "does not exist", "is not allowed")


@pytest.fixture(scope="module")
def open_cluster():
    """A cluster without any isolation, so that whatever gets out of psql or the server would get out."""
    with sandbox(isolation=Isolation.NONE) as box, Cluster(box) as cluster:
        yield cluster


def feed(cluster, dump):
    return restore(cluster, cluster.box.put(dump, dump.name))


@pytest.mark.parametrize("way", COMMANDS)
def test_commands_of_psql_run_where_nothing_stops_them_and_never_here(lab, open_cluster, way):
    marker = lab.marker()
    dump = lab.text(COMMANDS[way] % {"marker": marker})

    lab.feed_undefended(dump)
    assert marker.exists()
    marker.unlink()

    # Even without any isolation, where the marker could be written: it is the feeding itself that stops them.
    with pytest.raises(DumpRunsCommands, match="holds commands for the program"):
        feed(open_cluster, dump)
    assert not marker.exists()


def test_a_key_of_the_dumps_own_does_not_open_the_door(lab, open_cluster):
    marker = lab.marker()
    dump = lab.text(f"\\restrict abc\n\\unrestrict abc\n\\! touch {marker}\n\\restrict abc\n\\unrestrict abc")
    with pytest.raises(DumpRunsCommands):
        feed(open_cluster, dump)
    assert not marker.exists()


def test_a_pair_that_closes_early_does_not_either(lab, open_cluster):
    """Only the last closing line is taken for pg_dump's; one before it stays, and is refused."""
    marker = lab.marker()
    script = f"SELECT 1;\n\\unrestrict abc\n\\! touch {marker}\n"
    dump = lab.folder / "pair.sql"
    dump.write_text(
        "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\n"
        f"{script}\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abc\n"
    )
    with pytest.raises(DumpRunsCommands):
        feed(open_cluster, dump)
    assert not marker.exists()


def test_a_program_through_the_server_needs_rights_that_nobody_has(lab, open_cluster):
    marker = lab.marker()
    dump = lab.text(f"COPY (SELECT 1) TO PROGRAM 'touch {marker}';")

    lab.feed_undefended(dump)
    assert marker.exists()
    marker.unlink()

    with pytest.raises(DumpNeedsRights):
        feed(open_cluster, dump)
    assert not marker.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE ROLE intruder SUPERUSER LOGIN PASSWORD 'x'",
        "ALTER ROLE holdfast_restore SUPERUSER",
        "ALTER ROLE postgres PASSWORD 'known'",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "CREATE DATABASE more",
        "ALTER SYSTEM SET archive_command = 'id'",
        "CREATE TABLESPACE outside LOCATION '/tmp'",
        "LOAD '/tmp/evil.so'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/tmp/evil.so', 'f'",
        "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p",
        "CREATE EVENT TRIGGER t ON ddl_command_start EXECUTE FUNCTION f()",
        "CREATE EXTENSION dblink",
        "CREATE EXTENSION file_fdw",
        "CREATE EXTENSION postgres_fdw",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/etc')",
        "SELECT lo_import('/etc/passwd')",
        "CREATE TEMP TABLE x (t text); COPY x FROM '/etc/passwd'",
        "SELECT pg_reload_conf()",
    ],
)
def test_globals_and_the_hosts_files_are_out_of_reach(open_cluster, statement):
    """As the role that restores, in the cluster that restores: each of these runs for a superuser."""
    finished = open_cluster._psql(f"{statement};", role="holdfast_restore", database="restored")
    assert finished.exit_code != 0
    assert any(words in finished.tail for words in REFUSALS), finished.tail


def test_a_text_that_connects_elsewhere_is_refused(lab, open_cluster):
    with pytest.raises(DumpRunsCommands):
        feed(open_cluster, lab.text("\\connect postgres postgres"))


def test_a_text_with_bytes_that_are_no_text_is_a_sentence(lab, open_cluster):
    dump = lab.text("SELECT 1;")
    dump.write_bytes(dump.read_bytes().replace(b"SELECT 1;", b"SELECT '\xff\xfe\x00';"))
    with pytest.raises(RestoreFailed):
        feed(open_cluster, dump)
