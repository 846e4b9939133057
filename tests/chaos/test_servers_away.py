"""PostgreSQL and Valkey stop and come back while people work: what was answered stays, and nothing comes twice."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.house import RECOVERY_SECONDS, Answer, House, label
from tests.support.product import wait_until

#: How long a server stays away.
AWAY_SECONDS = 4
#: Requests of one thread, at most; each waits a moment for the one before.
MOST_REQUESTS = 120
PAUSE = 0.15
SAYS_SO = b"The database does not answer"


def token_of(house: House, title: str) -> str:
    """Of the tracking page of a report that is made for it."""
    assert house.ask("POST", "incidents/", {"title": title}, key=title).status == 201
    return str(house.inside.ask("SELECT tracking_token FROM incidents_incident WHERE title = %s", title)[0][0])


class Load:
    """Some people who file systems and look at pages, and one who reports incidents."""

    def __init__(self, house: House) -> None:
        self.house, self.word = house, label()
        self.token = token_of(house, self.word)
        self.over = threading.Event()
        self.answers: dict[str, Answer] = {}
        self.pages: list[Answer] = []
        work = [self._file_systems, self._report, self._look]
        self.threads = [threading.Thread(target=each, daemon=True) for each in work]

    def _rounds(self) -> Iterator[int]:
        for number in range(MOST_REQUESTS):
            if self.over.wait(PAUSE):
                return
            yield number

    def _file_systems(self) -> None:
        for number in self._rounds():
            self.file(f"{self.word}-{number}")

    def _report(self) -> None:
        for number in self._rounds():
            if number % 10 == 0:
                name = f"{self.word}-report-{number}"
                self.answers[name] = self.house.ask("POST", "incidents/", {"title": name}, key=name)

    def _look(self) -> None:
        for _number in self._rounds():
            self.pages.append(self.house.ask("GET", f"/report/track/{self.token}/"))

    def file(self, name: str) -> Answer:
        """One system, whose name is the key of its request too."""
        self.answers[name] = self.house.ask("POST", "systems/", {"name": name}, key=name)
        return self.answers[name]

    def statuses(self) -> Counter[int]:
        return Counter(answer.status for answer in [*self.answers.values(), *self.pages])

    def kept(self) -> list[str]:
        """The names of all systems and reports that are there, each as often as it is."""
        rows = self.house.inside.ask(
            "SELECT name FROM catalog_system WHERE starts_with(name, %s)"
            " UNION ALL SELECT title FROM incidents_incident WHERE starts_with(title, %s) ORDER BY 1",
            f"{self.word}-",
            f"{self.word}-",
        )
        return [row[0] for row in rows]


@contextmanager
def under_load(house: House) -> Iterator[Load]:
    """People work while the block runs; at its end each has answered."""
    load = Load(house)
    for thread in load.threads:
        thread.start()
    try:
        wait_until(lambda: len(load.answers) > 4 and len(load.pages) > 2)
        yield load
    finally:
        load.over.set()
        for thread in load.threads:
            thread.join(40)


def assert_nothing_lost_and_nothing_twice(house: House, load: Load) -> None:
    kept = load.kept()
    assert len(kept) == len(set(kept))
    done = {name for name, answer in load.answers.items() if answer.status == 201}
    assert done <= set(kept)
    house.a_minute_passes()
    for name in set(load.answers) - done:  # whoever got no answer asks again
        path, body = ("incidents/", {"title": name}) if "-report-" in name else ("systems/", {"name": name})
        assert house.ask("POST", path, body, key=name).status == 201
    assert load.kept() == sorted(load.answers)
    house.wait_until_quiet(60)
    for name in load.answers:
        if "-report-" in name:
            assert [mail for mail in house.mails_about(name) if mail == "ops@example.org"] == ["ops@example.org"]
    ids = [mail["Message-ID"] for mail in house.sink.mails]
    assert len(ids) == len(set(ids))


def wait_for_recovery(house: House, load: Load) -> None:
    """From the moment that the server may come back."""
    began = time.monotonic()
    wait_until(lambda: load.file(f"{load.word}-back-{time.monotonic_ns()}").status == 201, RECOVERY_SECONDS)
    answered = time.monotonic() - began
    wait_until(lambda: house.product.get("/readyz")[0] == 200, RECOVERY_SECONDS - answered)
    print(f"writes after {answered:.1f} s, ready after {time.monotonic() - began:.1f} s")


@contextmanager
def postgres_away(house: House) -> Iterator[None]:
    """Stopped, and kept from starting by a setting that it does not know."""
    settings = Path(house.product.data_dir) / "postgres" / "data" / "postgresql.conf"
    good = settings.read_bytes()
    settings.write_bytes(good + b"\nno_such_setting = on\n")
    try:
        os.kill(house.product.parts()["postgres"], signal.SIGINT)
        wait_until(lambda: house.product.get("/readyz")[0] == 503)
        yield
    finally:
        settings.write_bytes(good)


def test_with_postgresql_away_pages_say_so_and_afterwards_nothing_is_lost_or_doubled(house: House):
    others = {name: pid for name, pid in house.product.parts().items() if name != "postgres"}
    with under_load(house) as load:
        with postgres_away(house):
            until = time.monotonic() + AWAY_SECONDS
            while time.monotonic() < until:
                page, call = house.ask("GET", f"/report/track/{load.token}/"), house.ask("GET", "systems/")
                assert (page.status, call.status) == (503, 503)
                assert SAYS_SO in page.body
                assert call.data["code"] == "database_away"
        wait_for_recovery(house, load)
    assert set(load.statuses()) <= {200, 201, 503}, load.statuses()
    assert_nothing_lost_and_nothing_twice(house, load)
    assert others.items() <= house.product.parts().items(), "no other part had to be started again"


def test_with_valkey_away_everything_is_answered_and_afterwards_nothing_waits(house: House):
    others = {name: pid for name, pid in house.product.parts().items() if name != "valkey"}
    with under_load(house) as load:
        until = time.monotonic() + AWAY_SECONDS
        while time.monotonic() < until:
            before = house.product.parts().get("valkey")
            if before is not None:
                os.kill(before, signal.SIGTERM)
                wait_until(lambda: house.product.parts().get("valkey") != before)  # noqa: B023
            time.sleep(PAUSE)
        wait_for_recovery(house, load)
    assert set(load.statuses()) == {200, 201}, load.statuses()
    assert_nothing_lost_and_nothing_twice(house, load)
    assert others.items() <= house.product.parts().items(), "no other part had to be started again"
