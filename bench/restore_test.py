"""What a restore test costs beside the bare restore that it proves.

    python -m bench.restore_test [ROWS] [ROUNDS]      (600,000 rows and 3 rounds unless said otherwise)

The bare way is createdb and pg_restore with the same options, into a cluster with the same settings that is up
already. Ours is a run as a worker carries it out, from its first statement to its last: sandbox, fetching, check sums,
cluster, restore, questions, removal, journal, measurement, ledger.
Both take turns, so that a busy machine is busy for both. Works on a throwaway cluster of its own.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.figure import Figure, at_most, say
from bench.house import house

AIM_RATIO, AIM_SECONDS = 1.15, 2.0

TABLES = """
CREATE TABLE customers (id int PRIMARY KEY, name text, mail text UNIQUE);
INSERT INTO customers SELECT n, md5(n::text), n || '@example.org' FROM generate_series(1, {rows} / 10) n;
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, at timestamptz, note text);
INSERT INTO orders SELECT n, 1 + n % ({rows} / 10), to_timestamp(n), md5(n::text) || md5((n * 7)::text)
FROM generate_series(1, {rows}) n;
CREATE INDEX ON orders (customer); CREATE INDEX ON orders (at); CREATE INDEX ON orders (note);
"""


def figures(folder: Path, rows: int, rounds: int) -> Iterator[Figure]:
    from backups.adapters.postgres import Source, dump

    own = Source.own()
    with closing(_connect(own)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("CREATE DATABASE bench")
    settings = {"host": own.host, "database": "bench", "user": own.user}
    source = Source.of(settings, own.password)
    with closing(_connect(source)) as connection, connection.cursor() as cursor:
        cursor.execute(TABLES.format(rows=rows))
        connection.commit()
    target = folder / "bench.dump"
    dumped = dump(source, target, wall_clock=3600)
    policy = saved_policy(folder, settings, own.password)
    pairs = [(bare(source, target, number), ours(policy)) for number in range(rounds)]
    bare_seconds, our_seconds = (statistics.median(column) for column in zip(*pairs, strict=True))
    yield at_most(
        f"a restore test of {dumped.survey.database_bytes / 1_000_000:.0f} MB",
        seconds=our_seconds,
        reference=bare_seconds,
        against="createdb and pg_restore",
        times=AIM_RATIO,
        plus=AIM_SECONDS,
    )


def saved_policy(folder: Path, settings: dict[str, object], password: str):
    """A policy of the product for the same database, with one copy."""
    from backups import services
    from backups.choices import RunKind
    from catalog.services import add_system

    by = "system:bench"
    vault = services.create_repository(by=by, name="Vault", kind="local", location=str(folder / "vault"))
    policy = services.create_policy(
        by=by,
        name="Bench",
        slug="bench",
        system=add_system(by=by, name="Bench", recovery_time_objective=timedelta(hours=1)),
        repository=vault,
        source=settings,
        password=password,
        fresh_for=timedelta(days=1),
    )
    carried_out(policy, RunKind.BACKUP)
    return policy


def bare(source, target: Path, number: int) -> float:
    from backups.adapters import tools

    tool = tools.find("pg_restore")
    environment = {**os.environ, **source.environment}
    started = time.monotonic()
    subprocess.run([tool.beside("createdb"), f"bare{number}"], env=environment, check=True)
    flags = ["--exit-on-error", "--no-owner", "--no-privileges", "--jobs=2", f"--dbname=bare{number}"]
    subprocess.run([tool.path, *flags, target], env=environment, check=True)
    took = time.monotonic() - started
    subprocess.run([tool.beside("dropdb"), f"bare{number}"], env=environment, check=True)
    return took


def ours(policy) -> float:
    from backups.choices import RunKind

    return carried_out(policy, RunKind.RESTORE_TEST)


def carried_out(policy, kind: str) -> float:
    """Seconds of a run from beginning to end."""
    from backups import services

    run = services.request_run(policy_id=policy.pk, kind=kind, by="system:bench", in_foreground=True)
    started = time.monotonic()
    services.carry_out(run_id=run.pk)
    took = time.monotonic() - started
    run.refresh_from_db()
    if run.outcome not in ("pass", "warn"):
        raise AssertionError(f"the {kind} ended with {run.outcome}: {run.reason_code} {run.reason_values}")
    return took


def _connect(source):
    import psycopg2

    return psycopg2.connect(**source.keywords)


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 600_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with house() as folder:
        return say(figures(folder, rows, rounds))


if __name__ == "__main__":
    sys.exit(main())
