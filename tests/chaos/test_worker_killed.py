"""The worker is killed in the middle of a backup and of a restore test: the work is taken up, and nothing stays."""

import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from typing import Any

import psutil
import psycopg2
import pytest

from common.embedded.places import Places
from tests.support.product import Product, wait_until

#: Lease, sweep and the work itself.
WHOLE_RECOVERY_SECONDS = 90
QUICK = 0.02


class Inside:
    """The product's own database, asked from outside."""

    def __init__(self, product: Product) -> None:
        places = Places(product.data_dir)
        self.keywords = {
            "host": str(places.postgres_sockets),
            "dbname": "holdfast",
            "user": "holdfast",
            "password": places.secret("database-password"),
        }

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(**self.keywords)) as own, own, own.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def runs(self, kind: str) -> list[dict[str, Any]]:
        columns = ("id", "state", "outcome", "attempts", "reason_code")
        rows = self.ask(f"SELECT {', '.join(columns)} FROM backups_run WHERE kind = %s ORDER BY number", kind)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def last(self, kind: str) -> dict[str, Any]:
        return self.runs(kind)[-1]

    def fall_due(self, kind: str) -> None:
        self.ask("UPDATE backups_schedule SET next_due_at = now() WHERE kind = %s", kind)

    def is_at(self, step: str) -> bool:
        return bool(self.ask("SELECT 1 FROM backups_step WHERE name = %s AND outcome = 'running'", step))

    def wait_for_step(self, step: str) -> None:
        wait_until(lambda: self.is_at(step), 60, every=QUICK)

    @contextmanager
    def a_table_locked(self) -> Iterator[None]:
        """Whoever saves the database waits for this table."""
        with closing(psycopg2.connect(**self.keywords)) as own, own.cursor() as cursor:
            cursor.execute("LOCK TABLE common_storedfile IN ACCESS EXCLUSIVE MODE")
            yield


@pytest.fixture
def busy(product: Product) -> tuple[Product, Inside]:
    """A product that has proven itself once."""
    inside = Inside(product)
    wait_until(lambda: inside.runs("restore_test") and inside.last("restore_test")["state"] == "ended", 120)
    assert [inside.last(kind)["outcome"] for kind in ("backup", "check", "restore_test")] == ["pass"] * 3
    return product, inside


def kill_the_worker(product: Product) -> None:
    """The worker with the process that does the work, so that nobody of them can tidy up."""
    worker = psutil.Process(product.parts()["verify"])
    for process in (worker, *worker.children()):
        process.kill()


def left_over(product: Product) -> list[str]:
    """Sandboxes and half copies."""
    places = [*(product.data_dir / "sandbox").glob("*/"), *(product.data_dir / "copies" / ".partial").glob("*")]
    return [str(place) for place in places]


def tools(product: Product) -> list[str]:
    return [line for line in product.left_running() if "pg_dump" in line or "bwrap" in line or "/sandbox/" in line]


def wait_for_the_end(inside: Inside, kind: str) -> dict[str, Any]:
    wait_until(lambda: inside.last(kind)["state"] == "ended", WHOLE_RECOVERY_SECONDS)
    return inside.last(kind)


@pytest.mark.parametrize(("kind", "step"), [("backup", "dump"), ("restore_test", "cluster")])
def test_work_whose_worker_was_killed_is_taken_up_and_nothing_stays(busy: tuple[Product, Inside], kind: str, step: str):
    product, inside = busy
    with inside.a_table_locked() if kind == "backup" else nullcontext():
        inside.fall_due(kind)
        inside.wait_for_step(step)
        kill_the_worker(product)
    killed_at = time.monotonic()
    ended = wait_for_the_end(inside, kind)
    assert time.monotonic() - killed_at < WHOLE_RECOVERY_SECONDS
    assert (ended["outcome"], ended["attempts"]) == ("pass", 2)
    wait_until(lambda: not left_over(product) and not tools(product), 30)
    inside.fall_due(kind)
    wait_until(lambda: inside.last(kind)["id"] != ended["id"], 30)
    assert wait_for_the_end(inside, kind)["outcome"] == "pass"


def test_work_that_kills_its_worker_each_time_ends_as_an_error(busy: tuple[Product, Inside]):
    product, inside = busy
    copies = sorted(path.name for path in (product.data_dir / "copies" / "holdfast").iterdir())
    with inside.a_table_locked():
        inside.fall_due("backup")
        for attempt in (1, 2, 3):
            wait_until(lambda: inside.last("backup")["attempts"] == attempt and inside.is_at("dump"), 60, every=QUICK)  # noqa: B023
            kill_the_worker(product)
            inside.ask("UPDATE backups_run SET lease_until = now() WHERE state = 'running'")  # a minute passes
        ended = wait_for_the_end(inside, "backup")
    assert (ended["outcome"], ended["reason_code"], ended["attempts"]) == ("error", "worker_died", 3)
    wait_until(lambda: not left_over(product) and not tools(product), 60)
    assert sorted(path.name for path in (product.data_dir / "copies" / "holdfast").iterdir()) == copies
    assert inside.ask("SELECT count(*) FROM incidents_incident WHERE state = 'triage'") == [(1,)]
    inside.fall_due("backup")
    wait_until(lambda: inside.last("backup")["id"] != ended["id"], 30)
    assert wait_for_the_end(inside, "backup")["outcome"] == "pass"


def test_work_that_is_interrupted_by_ctrl_c_is_taken_up_at_the_next_start(
    busy: tuple[Product, Inside], make_product: Any
):
    product, inside = busy
    with inside.a_table_locked():
        inside.fall_due("backup")
        inside.wait_for_step("dump")
        began = time.monotonic()
        product.process.send_signal(signal.SIGINT)
        wait_until(lambda: inside.last("backup")["state"] == "queued", 10)
    assert product.process.wait(60) == 0
    assert time.monotonic() - began < 20
    assert product.left_running() == []
    assert left_over(product) == []
    make_product().start().wait_until_ready()
    ended = wait_for_the_end(inside, "backup")
    assert (ended["outcome"], ended["attempts"]) == ("pass", 1)
