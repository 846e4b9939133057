"""One tick with many schedules, few of them due, against the same claim in bare SQL.

    python -m bench.due_sweep [MOST]      (1,000,000 schedules unless said otherwise)

The bare claim locks the due schedules, moves them on, makes their runs and writes their ledger entries with
statements of its own; it computes no rule and signs nothing. Both are measured up to the commit; what it costs to
tell the broker of the runs stands beside it.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.figure import Figure, at_most, duration, note, say, told
from bench.house import house

DUE = 100
ROUNDS = 7
FEW, SOME = 10_000, 100_000

BARE = """
WITH due AS (
    SELECT s.id, s.policy_id, s.kind, s.next_due_at, gen_random_uuid() AS run
    FROM backups_schedule s JOIN backups_backuppolicy p ON p.id = s.policy_id
    WHERE s.next_due_at <= now() AND NOT p.is_paused ORDER BY s.next_due_at LIMIT 100 FOR UPDATE OF s SKIP LOCKED
), moved AS (
    UPDATE backups_schedule s SET next_due_at = s.next_due_at + interval '1 day' FROM due WHERE s.id = due.id
), made AS (
    INSERT INTO backups_run (id, policy_id, kind, slot_at, {copied})
    SELECT due.run, due.policy_id, due.kind, due.next_due_at, {copied_of} FROM due
    ON CONFLICT DO NOTHING RETURNING id, number
), entry AS (SELECT * FROM ledger_entry ORDER BY id DESC LIMIT 1)
INSERT INTO ledger_entry (id, subject_id, subject_label, {entry_copied})
SELECT nextval('ledger_entry_id_seq'), made.id::text, 'B-' || made.number, {entry_copied_of} FROM made, entry
"""


def figures(most: int) -> Iterator[Figure]:
    took: dict[int, float] = {}
    for count in sorted({FEW, SOME, most}):
        fill(count)
        note(f"{count} schedules")
        ours, bare, telling = measured()
        took[count] = ours
        yield at_most(
            f"a tick, {DUE} of {count:,} schedules due",
            seconds=ours,
            reference=bare,
            against="the same rows in bare SQL",
            times=2,
        )
    yield told(f"telling the broker of {DUE} runs", duration(telling))
    yield at_most(
        f"a tick among {most:,} schedules",
        seconds=took[most],
        reference=took[FEW],
        against=f"among {FEW:,}",
        times=1.5,
    )


def fill(count: int) -> None:
    """So many schedules, none of them due, three to a policy, made from one that the product made."""
    from django.db import connection

    from backups.models import BackupPolicy, Schedule

    sample = BackupPolicy.objects.order_by("created_at").first() or first_policy()
    wanted = count - Schedule.objects.count()
    columns = [field.column for field in BackupPolicy._meta.concrete_fields]
    new = {"id": "gen_random_uuid()", "name": "'p' || gen_random_uuid()", "slug": "left(md5(random()::text), 30)"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO backups_backuppolicy ({', '.join(columns)})"
            f" SELECT {', '.join(new.get(column, column) for column in columns)}"
            " FROM backups_backuppolicy, generate_series(1, %s) WHERE id = %s",
            [-(-wanted // 3), sample.pk],
        )
        cursor.execute(
            "INSERT INTO backups_schedule (id, created_at, policy_id, kind, rule, time_zone, next_due_at)"
            " SELECT gen_random_uuid(), now(), p.id, k, '30 2 * * *', 'UTC', now() + interval '1 day' * random()"
            " + interval '1 hour' FROM backups_backuppolicy p, unnest(%s) k ON CONFLICT DO NOTHING",
            [["backup", "check", "restore_test"]],
        )
        cursor.execute("ANALYZE")


def first_policy():
    from backups import services
    from catalog.models import System

    vault = services.create_repository(
        by="system:bench", name="Vault", kind="local", location=str(Path("/nowhere") / "vault")
    )
    return services.create_policy(
        by="system:bench",
        name="Sample",
        slug="sample",
        system=System.objects.create(name="Sample"),
        repository=vault,
        source={"host": "db.example", "port": 5432, "database": "sample", "user": "sample"},
        fresh_for=timedelta(days=1),
    )


def measured() -> tuple[float, float, float]:
    """Seconds of our claim, of the bare one, and of telling the broker: the medians of several rounds, taking turns."""
    claim()  # the first of everything: statements, rules, connections
    rounds = [(*claim(), bare_claim()) for _ in range(ROUNDS)]
    ours, telling, bare = (statistics.median(column) for column in zip(*rounds, strict=True))
    return ours, bare, telling


def claim() -> tuple[float, float]:
    from django.db import transaction
    from django.utils import timezone

    from backups import services

    make_due()
    began = time.perf_counter()
    with transaction.atomic():
        made = services.claim_due(now=timezone.now())
        claimed = time.perf_counter()
    told_at = time.perf_counter()
    if made != DUE:
        raise AssertionError(f"{made} runs were made, and {DUE} were due")
    forget()
    return claimed - began, told_at - claimed


def bare_claim() -> float:
    import psycopg2
    from django.db import connection

    make_due()
    copied = "created_at, missed_slots, state, outcome, queued_at, failed_step, failed_source, reason_code"
    copied = f"{copied}, reason_values, isolation, attempts"
    entry = "at, actor_kind, actor_id, actor_label, verb, subject_type, data, request_id, address, key_id, mac"
    statement = BARE.format(
        copied=copied,
        copied_of="now(), 0, 'queued', '', now(), '', '', '', '{}'::jsonb, '', 0",
        entry_copied=entry,
        entry_copied_of=", ".join(f"entry.{column.strip()}" for column in entry.split(",")),
    )
    with closing(psycopg2.connect(**connection.get_connection_params())) as own, own.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(statement)
        took, made = time.perf_counter() - began, cursor.rowcount
        own.commit()
    if made != DUE:
        raise AssertionError(f"{made} runs were made, and {DUE} were due")
    forget()
    return took


def make_due() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE backups_schedule SET next_due_at = now() - interval '1 minute'"
            " WHERE id IN (SELECT id FROM backups_schedule WHERE kind = 'backup' ORDER BY next_due_at DESC LIMIT %s)",
            [DUE],
        )


def forget() -> None:
    """The runs are over, so that the next round may make new ones."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE backups_run SET state = 'ended', outcome = 'pass', ended_at = now()")


def main() -> int:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with house():
        return say(figures(most))


if __name__ == "__main__":
    sys.exit(main())
