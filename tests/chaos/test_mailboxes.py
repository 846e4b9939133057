"""The worker is killed wherever it is with a mail: none is lost, and none comes twice."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.chaos.house import House, label
from tests.incidents.mail.conftest import written
from tests.support.certificates import Authority
from tests.support.mailserver import PASSWORD, USER, Folder, Post, context_of
from tests.support.product import wait_until

ADD = """
from incidents.mail.keeping import add_mailbox
place = dict(host="127.0.0.1", port={port}, security="none", user="{user}", password="{password}")
print(add_mailbox(name="{word}", address="{word}@example.org", by="system:chaos", **place).pk)
"""
#: Where the mail is when its worker dies: its bytes, its row, the incident, and what is told of it.
IN_THE_MIDDLE = ("common_storedfile", "incidents_inboxmessage", "incidents_timelineevent", "notify_message")
#: So many times a mailbox is asked for a mail before the worker dies: as it lists, and as it fetches.
ASKED = (1, 2)
#: Whoever is disturbed in a visit makes the next one a minute later.
PATIENCE_SECONDS = 120


@pytest.fixture
def post(tmp_path) -> Post:
    """A mail server with an empty mailbox."""
    authority = Authority(tmp_path)
    authority.server("localhost")
    (pem,) = tmp_path.glob("localhost-*.pem")
    return Post(context_of(pem.read_bytes()))


@pytest.fixture
def mailbox(house: House, post: Post) -> Iterator[str]:
    """The mailbox in the product, read until the test ends."""
    values = {"word": label(), "port": post.plain, "user": USER, "password": PASSWORD}
    found = house.run(ADD.format(**values))
    visited = "SELECT count(*) FROM incidents_mailbox WHERE id = %s AND read_at IS NOT NULL"
    wait_until(lambda: house.count(visited, found), PATIENCE_SECONDS)
    yield found
    house.inside.ask("UPDATE incidents_mailbox SET is_active = false WHERE id = %s", found)


def test_wherever_its_worker_dies_each_mail_becomes_one_incident(house: House, post: Post, mailbox: str):
    titles = []

    def put() -> None:
        titles.append(label())
        post.inbox.put(bytes(written(subject=titles[-1], from_="Ops <ops@example.org>")))
        fall_due(house, mailbox)

    for number in ASKED:
        asked, goes_on = held_at(post.inbox, number)
        put()
        wait_until(asked.is_set, PATIENCE_SECONDS)
        house.kill("worker")
        goes_on.set()
        becomes_one(house, mailbox, titles[-1])
    for table in IN_THE_MIDDLE:
        with house.locked(table):
            put()
            wait_until(lambda table=table: house.waits_for(table), PATIENCE_SECONDS)
            house.kill("worker")
        becomes_one(house, mailbox, titles[-1])

    wait_until(lambda: all("\\Seen" in mail.flags for mail in post.inbox.mails), PATIENCE_SECONDS)
    house.wait_until_quiet(60)
    assert [len(house.incidents(title)) for title in titles] == [1] * len(titles)
    assert house.count("SELECT count(*) FROM incidents_inboxmessage WHERE mailbox_id = %s", mailbox) == len(titles)
    receipts = "SELECT count(*) FROM notify_message WHERE kind = 'report.received' AND about_id = %s"
    assert [house.count(receipts, *house.incidents(title)) for title in titles] == [1] * len(titles)


def held_at(folder: Folder, number: int) -> tuple[threading.Event, threading.Event]:
    """The server hangs as it is asked for mails for the nth time.  Returns: it hangs; let it go on."""
    asked, goes_on, left = threading.Event(), threading.Event(), iter(range(1, number + 1))

    def fetch(messages: Any, uid: bool) -> Any:
        if next(left, 0) == number:
            asked.set()
            goes_on.wait(60)
        return Folder.fetch(folder, messages, uid)

    folder.fetch = fetch  # type: ignore[method-assign]
    return asked, goes_on


def fall_due(house: House, mailbox: str) -> None:
    house.inside.ask("UPDATE incidents_mailbox SET due_at = now(), lease_until = NULL WHERE id = %s", mailbox)


def becomes_one(house: House, mailbox: str, title: str) -> None:
    """A minute after the worker died, the work is taken up."""
    wait_until(lambda: house.product.get("/readyz")[0] == 200, PATIENCE_SECONDS)
    house.a_minute_passes()
    fall_due(house, mailbox)
    wait_until(lambda: house.incidents(title), PATIENCE_SECONDS)
