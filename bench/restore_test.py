"""What a restore test costs beside the bare restore that it proves.

    python -m bench.restore_test [ROWS] [ROUNDS]      (600,000 rows and 3 rounds unless said otherwise)

The bare way is createdb and pg_restore with the same options, into a cluster with the same settings that is up
already. Ours begins with nothing and ends with nothing: sandbox, check sum, cluster, restore, questions, removal.
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
    source = Source.of({"host": own.host, "database": "bench", "user": own.user}, own.password)
    with closing(_connect(source)) as connection, connection.cursor() as cursor:
        cursor.execute(TABLES.format(rows=rows))
        connection.commit()
    target = folder / "bench.dump"
    dumped = dump(source, target, wall_clock=3600)
    pairs = [(bare(source, target, number), ours(target, dumped)) for number in range(rounds)]
    bare_seconds, our_seconds = (statistics.median(column) for column in zip(*pairs, strict=True))
    yield at_most(
        f"a restore test of {dumped.survey.database_bytes / 1_000_000:.0f} MB",
        seconds=our_seconds,
        reference=bare_seconds,
        against="createdb and pg_restore",
        times=AIM_RATIO,
        plus=AIM_SECONDS,
    )


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


def ours(target: Path, dumped) -> float:
    from backups.adapters.postgres import Cluster, newest_canary, restore, row_counts
    from backups.adapters.sandbox import Limits, Sandbox

    started = time.monotonic()
    with Sandbox("bench", Limits(wall_clock=timedelta(hours=1))) as box:
        put = box.put(target, "database.dump")
        with Cluster(box) as cluster:
            restore(cluster, put, jobs=2)
            if newest_canary(cluster) != dumped.canary or row_counts(cluster, dumped.survey.rows) != dumped.survey.rows:
                raise AssertionError("the restored database is another one")
    return time.monotonic() - started


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
