"""A dump comes back whole, in a cluster of its own, and answers for itself."""

import re

import pytest

from backups.adapters.errors import ExtensionNotOffered, OutputTooLarge, QueryFailed, RestoreFailed
from backups.adapters.postgres import Cluster, dump, newest_canary, restore, row_counts
from backups.choices import Isolation
from tests.backups.lab import KINDS, Lab, restored, sandbox

SHOP = (
    "CREATE EXTENSION pg_trgm",
    "CREATE SCHEMA tools",
    "CREATE EXTENSION hstore SCHEMA tools",
    "CREATE TABLE customers (id int PRIMARY KEY, name text, more tools.hstore)",
    "INSERT INTO customers SELECT n, 'Größe 客户 ' || n, tools.hstore('n', n::text) FROM generate_series(1, 500) n",
    "CREATE INDEX ON customers USING gin (name gin_trgm_ops)",
    "CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY, customer int REFERENCES customers)",
    "INSERT INTO orders (customer) SELECT n FROM generate_series(1, 500) n",
    "CREATE MATERIALIZED VIEW sums AS SELECT customer, count(*) FROM orders GROUP BY 1",
    "COMMENT ON EXTENSION pg_trgm IS 'ours'",
)

DIGEST = "SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM customers c"


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_saved_comes_back_the_same(lab, kind):
    database = lab.database(*SHOP)
    target = lab.folder / "shop.dump"
    dumped = dump(lab.source(database), target, wall_clock=60)
    with restored(target, isolation=kind) as (cluster, back):
        assert back.extensions == ["hstore", "pg_trgm"]
        assert back.left_out == []
        assert newest_canary(cluster) == dumped.canary
        assert row_counts(cluster, dumped.survey.rows) == dumped.survey.rows
        assert cluster.query(DIGEST) == [list(lab.run(database, "SET search_path = public, tools", DIGEST)[0])]
        assert cluster.query("SELECT count(*) FROM sums") == [["500"]]


def test_the_role_that_restores_has_no_rights(lab):
    with restored(lab.dump(lab.database())) as (cluster, _):
        [row] = cluster.query(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, "
            "pg_has_role('pg_read_server_files', 'MEMBER'), pg_has_role('pg_execute_server_program', 'MEMBER') "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert set(row) == {"f"}
        assert cluster.query("SHOW listen_addresses") == [[""]]


def test_without_a_canary_there_is_none(lab):
    with restored(lab.dump(lab.database("CREATE TABLE holdfast_canary (song text)"))) as (cluster, _):
        assert newest_canary(cluster) is None


def test_what_only_a_superuser_may_make_is_left_out_and_told(lab):
    database = lab.database(
        "CREATE TABLE t (i int)",
        "INSERT INTO t VALUES (1)",
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER guard ON ddl_command_start EXECUTE FUNCTION f()",
        "CREATE PUBLICATION everything FOR ALL TABLES",
    )
    with restored(lab.dump(database)) as (cluster, back):
        assert [entry.split(" - ")[0] for entry in back.left_out] == ["EVENT TRIGGER", "PUBLICATION"]
        assert cluster.query("SELECT count(*) FROM t") == [["1"]]


def test_rules_that_name_a_role_come_back(lab):
    role = lab.role("NOLOGIN")
    database = lab.database(
        "CREATE TABLE t (i int)",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY mine ON t TO {role} USING (i > 0)",
    )
    target = lab.folder / "policy.dump"
    dumped = dump(lab.source(database), target, wall_clock=60)
    assert dumped.survey.roles == [role]
    with sandbox() as box:
        put = box.put(target, "database.dump")
        with Cluster(box, at_least_major=18) as cluster:
            restore(cluster, put, roles=dumped.survey.roles)
            assert cluster.query("SELECT polname FROM pg_policy") == [["mine"]]
            assert cluster.query(f"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{role}'") == [["f"]]
    lab.run(database, "DROP POLICY mine ON t")


def test_a_role_may_be_called_anything_and_gains_nothing(lab):
    with sandbox() as box, Cluster(box) as cluster:
        put = box.put(lab.dump(lab.database()), "database.dump")
        odd = [
            'a"; ALTER ROLE holdfast_restore SUPERUSER; --',
            "it's",
            "postgres",
            "pg_execute_server_program",
            "\\! id",
        ]
        restore(cluster, put, roles=[*odd, *odd])
        assert cluster.query("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [["f"]]


def test_an_extension_that_is_not_offered_is_named(lab):
    database = lab.database("CREATE EXTENSION dblink")
    with pytest.raises(ExtensionNotOffered, match="needs the extension dblink"), restored(lab.dump(database)):
        pass


def test_a_plain_dump_comes_back_too(lab):
    database = lab.database("CREATE TABLE t (i int, x text)", "INSERT INTO t VALUES (1, E'a\\\\b')")
    lab.run("postgres", f"ALTER DATABASE {database} OWNER TO {lab.user}")
    plain = lab.dump(database, "plain")
    content = plain.read_text()
    assert re.search(r"^\\restrict \w+$", content, re.MULTILINE)
    plain.write_text(re.sub(r"^ALTER TABLE .* OWNER TO .*;$", "", content, flags=re.MULTILINE))
    with restored(plain) as (cluster, back):
        assert back.kind == "plain"
        assert cluster.query("SELECT i, x FROM t") == [["1", "a\\b"]]


def test_a_plain_dump_that_fails_in_the_middle_fails(lab):
    with pytest.raises(RestoreFailed) as raised, restored(lab.text("CREATE TABLE t (i int);\nSELECT 1/0;")):
        pass
    assert "division by zero" in raised.value.evidence.tail


@pytest.fixture(scope="module")
def answering():
    """One restored database for all questions."""
    lab = Lab()
    try:
        with restored(lab.dump(lab.database("CREATE TABLE t (i int, x text)"))) as (cluster, _):
            yield cluster
    finally:
        lab.close()


def test_answers_are_rows_of_texts_and_null_is_told_apart(answering):
    assert answering.query("SELECT NULL, '', 'a,\"b\"', E'x\\ny', 1.5, true") == [
        [None, "", 'a,"b"', "x\ny", "1.5", "t"]
    ]
    assert answering.query("SELECT 1 WHERE false") == []


@pytest.mark.parametrize(
    "question",
    [
        "SELECT nothing FROM nowhere",
        "INSERT INTO t VALUES (1)",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY t TO PROGRAM 'cat'",
        "SELECT 1 \\! touch /w/marker",
        "\\! touch /w/marker",
        "\\c postgres",
        "SELECT 'open",
    ],
)
def test_a_question_that_cannot_be_answered_is_a_sentence_and_changes_nothing(answering, question):
    with pytest.raises(QueryFailed, match="could not be answered"):
        answering.query(question)
    assert not (answering.box.folder / "marker").exists()
    assert answering.query("SELECT count(*) FROM t") == [["0"]]


def test_a_question_without_end_is_ended_whatever_it_sets(answering):
    with pytest.raises(QueryFailed):
        answering.query("SELECT pg_sleep(60)", seconds=0.3)
    with pytest.raises(QueryFailed):
        answering.query("SET LOCAL statement_timeout = 0; SELECT pg_sleep(60)", seconds=0.3)


def test_an_answer_without_end_is_ended(answering):
    with pytest.raises(OutputTooLarge):
        answering.query("SELECT repeat('x', 1000) FROM generate_series(1, 100000)")


def test_a_manifest_cannot_put_words_into_a_count(answering):
    hostile = ["public.t", "public.t; DROP TABLE t", "(SELECT pg_sleep(60))", "pg_catalog.pg_authid"]
    assert row_counts(answering, hostile) == {"public.t": 0}


def test_the_password_of_the_superuser_is_nowhere_inside(lab):
    with sandbox(isolation=Isolation.NONE) as box, Cluster(box) as cluster:
        found = box.run(["grep", "-rlF", "--", cluster._passwords["postgres"], box.inside("")])
        assert found.tail == ""
