"""The ledger: writing under eight writers, sealing, and checking a long one.

    python -m bench.ledger [ENTRIES]      (1,000,000 unless said otherwise)

Writers are threads with a connection each, as in a web process; the reference inserts the same rows with bare SQL.
The long ledger is written and sealed by the product's own code; the check runs as the command does, on its own.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from bench.figure import Figure, duration, note, say, told, within
from bench.house import ROOT, house

WRITERS, EACH = 8, 250
AT_ONCE = 5_000
AIM_SECONDS, AIM_MEGABYTES = 60, 300
DATA = {"recovery_time_objective": ["PT4H", "PT2H"], "release": ["PostgreSQL 17.2", "PostgreSQL 18.6"]}
COLUMNS = (
    "at, actor_kind, actor_id, actor_label, verb, subject_type, subject_id, subject_label, data, request_id, address,"
    " key_id, mac"
)
INSERT = (
    f"INSERT INTO ledger_entry (id, {COLUMNS})"
    f" SELECT nextval('ledger_entry_id_seq'), {COLUMNS} FROM ledger_entry ORDER BY id LIMIT 1"
)


def figures(count: int) -> Iterator[Figure]:
    subject = first_subject()
    yield writing(subject)
    yield from sealing_and_checking(subject, count)


def first_subject():
    from catalog.models import System

    return System.objects.create(name="Accounting database 会计")


def writing(subject) -> Figure:
    """Changes of one row each with their ledger entry, against the same with a bare INSERT beside it."""
    ours, bare = [], []
    write_as_product(subject)
    for _round in range(3):
        ours.append(together(lambda: write_as_product(subject)))
        bare.append(together(write_as_bare_sql))
    rate, reference = (WRITERS * EACH / statistics.median(seconds) for seconds in (ours, bare))
    return told(
        f"writing under {WRITERS} writers, an entry a transaction",
        f"{rate:.0f} entries/s",
        f"{reference:.0f}/s with a bare INSERT",
        round(rate / reference, 2),
    )


def together(work: Callable[[], None]) -> float:
    from django.db import connection

    def one(_number: int) -> None:
        try:
            for _ in range(EACH):
                work()
        finally:
            connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(one, range(WRITERS)))
    return time.perf_counter() - began


def write_as_product(subject) -> None:
    from django.db import transaction

    from ledger.services import record

    with transaction.atomic():
        record(verb="system.changed", subject=subject, actor="system:benchmark", data=DATA)


def write_as_bare_sql() -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT)


def sealing_and_checking(subject, count: int) -> Iterator[Figure]:
    empty_the_ledger()
    writing_seconds = sealing_seconds = 0.0
    for done in range(0, count, AT_ONCE):
        wrote, sealed = write_and_seal(subject)
        writing_seconds, sealing_seconds = writing_seconds + wrote, sealing_seconds + sealed
        if done % 100_000 == 0:
            note(f"{done} of {count} entries")
    yield told(f"writing {AT_ONCE:,} entries at once", f"{count / writing_seconds:.0f} entries/s")
    yield told("sealing", f"{count / sealing_seconds:.0f} entries/s, {duration(sealing_seconds / count)} each")
    seconds, cpu, megabytes = measured_check()
    what = f"verify_ledger over {count:,} entries"
    yield within(what, value=seconds, limit=AIM_SECONDS, unit="s", note=f", {cpu:.0f} s of processor time")
    yield within(f"{what}: memory", value=megabytes, limit=AIM_MEGABYTES, unit="MB")


def write_and_seal(subject) -> tuple[float, float]:
    from django.db import transaction
    from django.utils import timezone

    from ledger.services import Note, record_many, seal_pending

    began = time.perf_counter()
    with transaction.atomic():
        record_many(notes=[Note("system.changed", subject, DATA)] * AT_ONCE, actor="system:benchmark")
    wrote = time.perf_counter()
    seal_pending(now=timezone.now(), limit=AT_ONCE)
    return wrote - began, time.perf_counter() - wrote


def empty_the_ledger() -> None:
    """The bare rows are not the product's own, and would rightly be found."""
    import psycopg2
    from django.db import connection

    with closing(psycopg2.connect(**connection.get_connection_params())) as own, own.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE ledger_entry, ledger_sealedentry, ledger_seal")
        own.commit()


def measured_check() -> tuple[float, float, float]:
    """Seconds, processor seconds and megabytes of `manage.py verify_ledger --json`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    began = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "manage.py", "verify_ledger", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not done.stdout or not json.loads(done.stdout.splitlines()[-1])["is_whole"]:
        raise AssertionError(f"the ledger is not whole: {done.stdout}{done.stderr}")
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    return took, cpu, used.ru_maxrss / 1024


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with house():
        return say(figures(count))


if __name__ == "__main__":
    sys.exit(main())
