"""The web process is killed while it answers: what was asked for is there whole, or not at all."""

import threading
import time
from dataclasses import dataclass

import pytest

from tests.chaos.house import RECOVERY_SECONDS, Answer, House, label
from tests.support.product import wait_until


@dataclass
class Asked:
    """One request that changes something, and what it leaves. blocked_by: the table that its last words go to."""

    path: str
    body: dict[str, str]
    blocked_by: str
    rows: str
    entries: str
    words: str

    def rows_in(self, house: House) -> list[str]:
        return [str(row[0]) for row in house.inside.ask(self.rows, self.words)]


def a_report(_house: House) -> Asked:
    title = label()
    return Asked(
        "incidents/",
        {"title": title},
        "notify_message",
        "SELECT id FROM incidents_incident WHERE title = %s",
        "SELECT count(*) FROM ledger_entry WHERE verb = 'incident.reported' AND subject_id = %s",
        title,
    )


def a_restore_test(house: House) -> Asked:
    [(policy,)] = house.inside.ask("SELECT id FROM backups_backuppolicy WHERE slug = 'holdfast'")
    [(last,)] = house.inside.ask("SELECT max(number) FROM backups_run")
    return Asked(
        f"backup-policies/{policy}/test-restore/",
        {},
        "ledger_entry",
        "SELECT id FROM backups_run WHERE kind = 'restore_test' AND number > %s",
        "SELECT count(*) FROM ledger_entry WHERE verb = 'restore_test.requested' AND subject_id = %s",
        str(last),
    )


class Request(threading.Thread):
    """A request whose answer may never come."""

    def __init__(self, house: House, asked: Asked, key: str) -> None:
        super().__init__(daemon=True)
        self.house, self.asked, self.key = house, asked, key
        self.answer = Answer(-1)
        self.start()

    def run(self) -> None:
        self.answer = self.house.ask("POST", self.asked.path, self.asked.body, key=self.key)


def wait_until_web_is_back(house: House) -> None:
    began = time.monotonic()
    wait_until(lambda: house.product.get("/healthz")[0] == 200, RECOVERY_SECONDS)
    print(f"web is back after {time.monotonic() - began:.1f} s")


def assert_there_once(house: House, asked: Asked, key: str) -> None:
    """With its entry and its messages, however often it is asked for."""
    answers = [house.ask("POST", asked.path, asked.body, key=key) for _ in range(2)]
    assert [answer.status // 100 for answer in answers] == [2, 2], answers
    [row] = asked.rows_in(house)
    assert {answer.data["id"] for answer in answers} == {row}
    assert house.count(asked.entries, row) == 1
    house.wait_until_quiet(60)
    if asked.blocked_by == "notify_message":
        assert house.mails_about(asked.words) == ["ops@example.org"]
    else:
        assert house.inside.ask("SELECT outcome, attempts FROM backups_run WHERE id = %s", row) == [("pass", 1)]


@pytest.mark.parametrize("what", [a_report, a_restore_test])
def test_killed_before_the_commit_nothing_is_there_and_the_repeat_does_it_once(house: House, what):
    asked, key = what(house), label()
    with house.locked(asked.blocked_by):
        request = Request(house, asked, key)
        wait_until(lambda: house.waits_for(asked.blocked_by), 20)
        house.kill("web")
    request.join(10)
    assert request.answer.status == 0
    wait_until_web_is_back(house)
    wait_until(lambda: not house.waits_for(asked.blocked_by))
    assert asked.rows_in(house) == []
    assert house.count("SELECT count(*) FROM notify_message WHERE about_label LIKE %s", f"%{asked.words} %") == 0
    house.a_minute_passes()
    assert_there_once(house, asked, key)


@pytest.mark.parametrize("what", [a_report, a_restore_test])
def test_killed_between_commit_and_answer_everything_is_there_and_the_repeat_is_answered(house: House, what):
    asked, key = what(house), label()
    with house.locked(asked.blocked_by):
        request = Request(house, asked, key)
        wait_until(lambda: house.waits_for(asked.blocked_by), 20)
        quiet_broker = house.standing_still("valkey")
        quiet_broker.__enter__()  # from here on nobody is told that there is work
    wait_until(lambda: asked.rows_in(house), every=0.02)
    house.kill("web")
    quiet_broker.__exit__(None, None, None)
    request.join(10)
    assert request.answer.status == 0
    wait_until_web_is_back(house)
    again = house.ask("POST", asked.path, asked.body, key=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert_there_once(house, asked, key)
