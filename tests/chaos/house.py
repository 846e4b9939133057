"""A whole product with people in it, a mail server, and the means to break its parts."""

import http.client
import json
import os
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import redis
from celery import Celery

from common.embedded.places import Places
from common.parts import PARTS
from tests.chaos.test_worker_killed import Inside
from tests.notify.sinks import Sink, running
from tests.support.product import Product, wait_until

#: What quality asks for: within this time after a part came back, everything works and nothing waits.
RECOVERY_SECONDS = 30
#: Where somebody may hold something for a minute.
LEASES = [
    ("common_keptanswer", "lease_until"),
    ("backups_run", "lease_until"),
    ("notify_delivery", "lease_until"),
    ("people_passwordreset", "lease_until"),
    ("incidents_mailbox", "lease_until"),
    ("incidents_inboxmessage", "lease_until"),
]
#: What lets a test set the clock of a product.
CLOCK = Path(__file__).parent / "clock"
QUEUES = ("page", "events", "default", "verify")

FURNISH = """
from people import services
from people.choices import Role
from people.models import User
ops = User.objects.create_user("ops", name="Ops", email="ops@example.org")
services.set_roles(person_id=ops.pk, roles=[Role.RESPONDER], by="system:chaos")
print(services.create_api_key(name="chaos", role=Role.ADMINISTRATOR, by="system:create_api_key").text)
"""


@dataclass
class Answer:
    """status: 0 when nobody answered, or the line was cut before the end of the answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass
class House:
    """A running product, whom it mails to, and a key to its API."""

    product: Product
    sink: Sink
    inside: Inside
    key: str
    past: list[str] = field(default_factory=list)

    def forget_the_past(self) -> None:
        """Mails and deliveries of before are counted no more: other tests may have broken them on purpose."""
        self.sink.taken.clear()
        self.past = [str(row[0]) for row in self.inside.ask("SELECT id FROM notify_delivery")]

    def send_home(self, word: str) -> None:
        """People whose names begin so have no role any more: other tests count who is told."""
        theirs = "DELETE FROM people_user_groups WHERE user_id IN (SELECT id FROM people_user WHERE username LIKE %s)"
        self.inside.ask(theirs, f"{word}%")

    def ask(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, seconds: float = 30, **headers: str
    ) -> Answer:
        """One request of a program; the API's unless the path begins at the root."""
        sent = {"Host": "localhost", "Content-Type": "application/json", **headers}
        if not path.startswith("/"):
            path, sent["Authorization"] = f"/api/v1/{path}", f"Bearer {self.key}"
        if key is not None:
            sent["Idempotency-Key"] = key
        with closing(http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=seconds)) as line:
            try:
                line.request(method, path, json.dumps(body) if body is not None else None, sent)
                answer = line.getresponse()
                return Answer(answer.status, answer.read(), dict(answer.headers))
            except (OSError, http.client.HTTPException):
                return Answer(0)

    def run(self, code: str) -> str:
        """The last line that some code inside says."""
        done = self.product.command("shell", "-v", "0", "-c", code)
        assert done.returncode == 0, done.stdout
        return (done.stdout.strip().splitlines() or [""])[-1]

    def broker(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(Places(self.product.data_dir).valkey_socket))

    def deliver(self, name: str, queue: str, **kwargs: Any) -> None:
        """Hand a task to the workers as the product itself would."""
        socket = Places(self.product.data_dir).valkey_socket
        with Celery(broker=f"redis+socket://{socket}?virtual_host=0", set_as_current=False) as sender:
            sender.send_task(name, kwargs=kwargs, queue=queue)

    def processes(self, *parts: str) -> list[psutil.Process]:
        """The parts' processes with all their children."""
        numbers = self.product.parts()
        roots = [psutil.Process(numbers[part]) for part in parts]
        return [process for root in roots for process in (root, *root.children(recursive=True))]

    @contextmanager
    def standing_still(self, *parts: str) -> Iterator[None]:
        """The parts do nothing while the block runs."""
        stopped = self.processes(*parts)
        for process in stopped:
            process.suspend()
        try:
            yield
        finally:
            for process in stopped:
                process.resume()

    def kill(self, *parts: str) -> None:
        """With all their children, at once."""
        for process in self.processes(*parts):
            os.kill(process.pid, signal.SIGKILL)

    @contextmanager
    def another(self, part: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A second process of a part, as if somebody had started it on another host."""
        process = subprocess.Popen(
            [sys.executable, "-m", *PARTS[part]],
            cwd=self.product.tree,
            env=self.product.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(20)

    @contextmanager
    def locked(self, *tables: str) -> Iterator[None]:
        """Whoever touches one of these tables waits while the block runs."""
        with closing(psycopg2.connect(**self.inside.keywords)) as own, own.cursor() as cursor:
            for table in tables:
                cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield

    def waits_for(self, table: str) -> bool:
        """Whether somebody waits for a table."""
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
        return self.count(waiting, table) > 0

    def a_minute_passes(self) -> None:
        """Every lease of now is over."""
        for table, column in LEASES:
            self.inside.ask(f"UPDATE {table} SET {column} = now() - interval '1 second' WHERE {column} > now()")

    def incidents(self, title: str) -> list[str]:
        """The ids of all incidents with this title."""
        return [str(row[0]) for row in self.inside.ask("SELECT id FROM incidents_incident WHERE title = %s", title)]

    def set_clock(self, ahead: timedelta) -> None:
        """From now on the clock of every process is so far ahead; PostgreSQL's own stays."""
        file = clock_of(self.product.data_dir)
        fresh = file.with_suffix(".new")
        fresh.write_text(str(ahead.total_seconds()))
        fresh.replace(file)

    def count(self, query: str, *values: Any) -> int:
        return int(self.inside.ask(query, *values)[0][0])

    def wait_until_quiet(self, seconds: float = RECOVERY_SECONDS) -> None:
        """Until nothing is queued, held, running or still to be sent."""
        try:
            wait_until(lambda: not self.waiting(), seconds)
        except AssertionError:
            raise AssertionError(f"still waiting after {seconds} s: {self.waiting()}") from None

    def waiting(self) -> dict[str, int]:
        """What is still to be done, by kind; what is not there is left out."""
        with closing(self.broker()) as broker:
            found = Counter({queue: int(broker.llen(queue)) for queue in QUEUES})
        found["runs"] = self.count("SELECT count(*) FROM backups_run WHERE state <> 'ended'")
        found["deliveries"] = self.count(
            "SELECT count(*) FROM notify_delivery WHERE state IN ('queued', 'failed', 'sending')"
        )
        found["links"] = self.count("SELECT count(*) FROM people_passwordreset")
        found["facts"] = self.count("SELECT count(*) FROM common_pendingfact")
        found["reminders"] = self.count("SELECT count(*) FROM notify_reminder WHERE next_at <= now()")
        return dict(+found)

    def deliveries(self, condition: str) -> int:
        """How many of this test are so."""
        ours = "SELECT count(*) FROM notify_delivery WHERE id <> ALL(%s::uuid[])"
        return self.count(f"{ours} AND ({condition})", self.past)

    def mails_about(self, title: str) -> list[str]:
        """Who got a mail whose subject ends with the title, one entry for each mail."""
        return [str(mail["To"]) for mail in self.mails_of(title)]

    def mails_of(self, title: str) -> list[Any]:
        """The mails whose subject ends with the title."""
        return [mail for mail in self.sink.mails if str(mail["Subject"]).endswith(title)]


def label() -> str:
    """A word that nothing else has."""
    return f"chaos{uuid.uuid4().hex[:10]}"


def clock_of(data_dir: Path) -> Path:
    """Where it stands how far ahead the clock is."""
    return data_dir.parent / "clock"


@contextmanager
def furnished(folder: Path, **variables: str) -> Iterator[House]:
    """A product that is ready, has proven itself once, and ends well."""
    with running(Sink()) as sink:
        address = f"smtp://127.0.0.1:{sink.port}?from=holdfast@example.org"
        given = {"EMAIL_URL": address, "WORKING_HOURS": "mon-sun 00:00-23:59"}
        given |= {
            "DJANGO_SETTINGS_MODULE": "tests.chaos.loopback",
            "PYTHONPATH": str(CLOCK),
            "HOLDFAST_TESTS_CLOCK": str(clock_of(folder)),
        } | variables
        product = Product(folder, variables=given).start()
        try:
            product.wait_until_ready()
            house = House(product, sink, Inside(product), "")
            house.key = house.run(FURNISH)
            kinds = "SELECT count(DISTINCT kind) FROM backups_run WHERE state = 'ended' AND outcome = 'pass'"
            wait_until(lambda: house.count(kinds) == 3, 120)
            house.wait_until_quiet()
            yield house
            assert product.stop() == 0
            assert product.left_running() == []
        finally:
            product.kill_everything()
