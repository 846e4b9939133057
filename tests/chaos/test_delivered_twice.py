"""Whatever the queue does with a task, its effect comes once: rows with leases are the truth."""

import json
import random
import uuid
from dataclasses import dataclass
from typing import Any

from celery import current_app

from common import jobs as common_jobs
from incidents import jobs
from tests.chaos.house import House, label
from tests.support.product import wait_until

WORKERS = ("page", "worker", "verify")
#: What a task meets whose row went away meanwhile. Mails themselves: see test_mailboxes.
NOBODYS = str(uuid.UUID(int=0))

#: Everything that waits in the background for somebody: messages, a reminder, a link to a new password, runs.
ARRANGE = """
import json
from datetime import timedelta
from django.utils import timezone
from backups.models import BackupPolicy
from backups.services import request_run
from incidents.models import Incident
from incidents.services import report
from notify.services import remind
from people.models import User
from people.services import request_password_reset
ops = User.objects.get(username="ops")
person = User.objects.create_user("{label}", name="Grace", email="{label}@example.org", password="only-for-tests")
incident = report(by=person, title="{label} does not print")
remind(subject=incident, kind="{label}.due", due_at=timezone.now() - timedelta(minutes=1), to=[person])
request_password_reset(person=person)
check = request_run(policy_id=BackupPolicy.objects.get(slug="holdfast").pk, kind="check", by=ops)
print(json.dumps({{"person": str(person.pk), "incident": str(incident.pk), "check": str(check.pk)}}))
"""


@dataclass
class Arranged:
    """What waits, and how it has to end."""

    label: str
    person: str
    incident: str
    check: str

    def tasks(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """Of each registered task, the queue and the arguments with which it is delivered."""
        return {
            common_jobs.TICK: [("page", {})],
            common_jobs.SWEEP: [("page", {})],
            "notify.send_due": [
                ("default", {"urgency": urgency, "lane": lane})
                for urgency in ("normal", "urgent")
                for lane in ("mail", "web")
            ],
            "notify.remind_due": [("default", {})],
            "ledger.verify": [("default", {})],
            "people.send_password_reset": [("page", {"person_id": self.person})],
            "backups.carry_out": [("verify", {"run_id": self.check})],
            "backups.clean_up": [("verify", {})],
            jobs.LOOK_AT_CLOCKS: [("default", {})],
            jobs.WRITE_STATUS: [("default", {})],
            jobs.TAKE_MAILS: [("default", {"mailbox_id": NOBODYS})],
            jobs.READ_MAIL: [("default", {"mail_id": NOBODYS})],
        }


def arrange(house: House) -> Arranged:
    """Let everything wait at once: the workers stand still meanwhile."""
    name = label()
    arranged = Arranged(name, **json.loads(house.run(ARRANGE.format(label=name))))
    house.inside.ask("UPDATE common_heartbeat SET at = at - interval '2 days' WHERE name LIKE 'ledger.verif%%'")
    house.inside.fall_due("backup")
    return arranged


def assert_done_once(house: House, arranged: Arranged, before: int, *, attempts: int = 1) -> None:
    """Everything happened, and nothing of it twice."""
    wait_until(lambda: backups(house) > before)
    house.wait_until_quiet(60)
    address = f"{arranged.label}@example.org"
    assert house.mails_about(f"{arranged.label} does not print").count("ops@example.org") == 1
    subjects = sorted(str(mail["Subject"]) for mail in house.sink.mails if mail["To"] == address)
    assert len(subjects) == 2, subjects  # the reminder, and the link
    assert house.count("SELECT attempts FROM backups_run WHERE id = %s", arranged.check) == attempts
    outcome = "SELECT outcome, reason_code, failed_step FROM backups_run WHERE id = %s"
    assert house.inside.ask(outcome, arranged.check) == [("pass", "", "")]
    assert backups(house) == before + 1
    ended = "SELECT count(*) FROM ledger_entry WHERE verb = 'check.ended' AND subject_id = %s"
    assert house.count(ended, arranged.check) == 1
    assert house.deliveries("state <> 'sent' OR (way = 'email' AND tries <> 1)") == 0
    ids = [mail["Message-ID"] for mail in house.sink.mails]
    assert len(ids) == len(set(ids))


def backups(house: House) -> int:
    return house.count("SELECT count(*) FROM backups_run WHERE kind = 'backup'")


def registered() -> set[str]:
    return {name for name in current_app.tasks if not name.startswith("celery.")}


def test_every_task_delivered_twice_and_out_of_order_has_its_effect_once(house: House):
    before = backups(house)
    with house.standing_still(*WORKERS):
        arranged = arrange(house)
        tasks = arranged.tasks()
        assert set(tasks) == registered(), "say here with which arguments a new task is delivered"
        twice = [(name, *how) for name, all_ways in tasks.items() for how in all_ways] * 2
        random.shuffle(twice)
        for name, queue, kwargs in twice:
            house.deliver(name, queue, **kwargs)
    assert_done_once(house, arranged, before)


def test_a_broker_that_forgot_everything_costs_nothing(house: House):
    before = backups(house)
    with house.standing_still(*WORKERS):
        arranged = arrange(house)
        house.broker().flushall()
    assert_done_once(house, arranged, before)


def test_two_beats_double_nothing(house: House):
    before = backups(house)
    with house.another("beat") as second:
        with house.standing_still(*WORKERS):
            arranged = arrange(house)
            wait_until(lambda: house.broker().llen("page") >= 4)
        assert_done_once(house, arranged, before)
        assert second.poll() is None
