"""What a restore test costs beside the bare restore that it proves.

    .venv/bin/python bench/restore_test.py [ROWS] [ROUNDS]      (600,000 rows and 3 rounds unless said otherwise)

The bare way is createdb and pg_restore with the same options, into a cluster with the same settings that is up
already. Ours begins with nothing and ends with nothing: sandbox, check sum, cluster, restore, questions, removal.
Both take turns, so that a busy machine is busy for both. Works on a throwaway cluster of its own.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

AIM_RATIO, AIM_SECONDS = 1.15, 2.0

TABLES = """
CREATE TABLE customers (id int PRIMARY KEY, name text, mail text UNIQUE);
INSERT INTO customers SELECT n, md5(n::text), n || '@example.org' FROM generate_series(1, {rows} / 10) n;
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, at timestamptz, note text);
INSERT INTO orders SELECT n, 1 + n % ({rows} / 10), to_timestamp(n), md5(n::text) || md5((n * 7)::text)
FROM generate_series(1, {rows}) n;
CREATE INDEX ON orders (customer); CREATE INDEX ON orders (at); CREATE INDEX ON orders (note);
"""


def main() -> int:
    from bench.ledger_verify import started_cluster

    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 600_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    folder = Path(tempfile.mkdtemp(prefix="holdfast-bench-"))
    folder.chmod(0o711)
    cluster = started_cluster(folder)
    try:
        result = measure(rows, rounds, folder)
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(result))
    return 0 if result["is_within_aim"] else 1


def measure(rows: int, rounds: int, folder: Path) -> dict:
    import django

    django.setup()
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
    return {
        "rows": rows,
        "database_bytes": dumped.survey.database_bytes,
        "dump_bytes": dumped.bytes,
        "bare_seconds": round(bare_seconds, 2),
        "restore_test_seconds": round(our_seconds, 2),
        "ratio": round(our_seconds / bare_seconds, 2),
        "is_within_aim": our_seconds <= bare_seconds * AIM_RATIO + AIM_SECONDS,
    }


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


if __name__ == "__main__":
    sys.exit(main())
