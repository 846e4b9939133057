"""How long checking a ledger of many entries takes, and in how much memory.

    .venv/bin/python bench/ledger_verify.py [ENTRIES]      (1,000,000 unless said otherwise)

Works on a throwaway cluster of its own, which is removed at the end. The entries are written and
sealed by the product's own code; the check runs in a process of its own, as the command does.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

AIM_SECONDS = 60
AT_ONCE = 5_000


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = Path(tempfile.mkdtemp(prefix="holdfast-bench-"))
    folder.chmod(0o711)
    cluster = started_cluster(folder)
    try:
        write(count)
        result = measured_check()
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps({"entries": count, **result}))
    return 0 if result["seconds"] <= AIM_SECONDS and result["is_whole"] else 1


def started_cluster(folder):
    """A cluster of our own, and an environment in which settings and children find it."""
    from common.embedded.places import Places
    from common.embedded.postgres import SUPERUSER, THROWAWAY_OPTIONS, Postgres

    password = "only-for-the-benchmark"  # noqa: S105  of a cluster that lives for minutes
    cluster = Postgres(folder / "postgres", folder / "pg", password, folder / "servers", options=THROWAWAY_OPTIONS)
    cluster.start(dies_with_us=signal.SIGQUIT)
    Places(folder / "data").make()
    os.environ.update(
        ENV_FILE=os.devnull,
        DATA_DIR=str(folder / "data"),
        DATABASE_URL=f"postgres://{SUPERUSER}:{password}@/postgres?host={quote(str(folder / 'pg'))}",
        REDIS_URL="redis://127.0.0.1:1/0",  # never asked
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    return cluster


def write(count):
    """Entries as real changes make them, each batch sealed."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from catalog.models import System
    from ledger.services import Note, record_many, seal_pending

    call_command("migrate", verbosity=0)
    subject = System.objects.create(name="Accounting database 会计")
    data = {"recovery_time_objective": ["PT4H", "PT2H"], "release": ["PostgreSQL 17.2", "PostgreSQL 18.6"]}
    started = time.monotonic()
    for _ in range(0, count, AT_ONCE):
        with transaction.atomic():
            record_many(notes=[Note("system.changed", subject, data)] * AT_ONCE, actor="system:benchmark")
        seal_pending(now=timezone.now(), limit=AT_ONCE)
    print(f"written and sealed: {count / (time.monotonic() - started):.0f} entries/s", file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def measured_check():
    """Seconds, CPU and the largest memory of `manage.py verify_ledger --json`."""
    started = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "manage.py", "verify_ledger", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {"is_whole": False, "error": done.stderr}
    return {
        "seconds": round(time.monotonic() - started, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, 1),
        "max_rss_mb": round(used.ru_maxrss / 1024),
        **answer,
    }


if __name__ == "__main__":
    sys.exit(main())
