"""A house of its own for a benchmark: throwaway servers and data, removed at the end."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "only-for-the-benchmark"  # noqa: S105  of a cluster that lives for minutes


@contextmanager
def house(*, is_durable: bool = False) -> Iterator[Path]:
    """An empty, migrated database and a broker, and Django set up on them.

    is_durable: the database waits for the disk, as in production; where writing is not what is measured, it need not.
    """
    sys.path.insert(0, str(ROOT))
    from common.embedded.places import Places
    from common.embedded.postgres import SUPERUSER, THROWAWAY_OPTIONS, Postgres
    from common.embedded.valkey import Valkey

    folder = Path(tempfile.mkdtemp(prefix="holdfast-bench-"))
    folder.chmod(0o711)
    more = {} if is_durable else {"options": THROWAWAY_OPTIONS}
    cluster = Postgres(folder / "postgres", folder / "pg", PASSWORD, folder / "servers", **more)
    broker = Valkey(folder / "valkey", folder / "valkey" / "socket", folder / "servers", durable=False)
    try:
        cluster.start(dies_with_us=signal.SIGQUIT)
        broker.start(dies_with_us=signal.SIGKILL)
        Places(folder / "data").make()
        os.environ.update(
            ENV_FILE=os.devnull,
            DATA_DIR=str(folder / "data"),
            DATABASE_URL=f"postgres://{SUPERUSER}:{PASSWORD}@/postgres?host={quote(str(folder / 'pg'))}",
            REDIS_URL=f"unix://{broker.socket}?db=0",
            DJANGO_SETTINGS_MODULE="config.settings",
            LOG_LEVEL="ERROR",
        )
        _migrated()
        yield folder
    finally:
        broker.stop()
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _migrated() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
