"""What is kept for a time only goes when that time is over, and nothing else goes with it."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db import DatabaseError
from django.utils import timezone

from backups.choices import AssertionCode
from backups.models import Assertion, Run, Step
from common import receivers, retention, services
from common.models import Heartbeat
from ledger.models import Entry
from people.choices import Role
from tests.people.world import make_world
from tests.support.people import person

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def test_sign_ins_are_forgotten_after_their_time(settings):
    settings.ATTEMPTS_KEPT = timedelta(days=10)
    for days in (9, 11):
        attempt = AccessAttempt.objects.create(username=f"{days}", failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=NOW - timedelta(days=days))
    retention.forget_old(now=NOW)
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["9"]


def test_output_of_runs_goes_and_what_they_proved_stays(settings):
    settings.RUN_OUTPUT_KEPT = timedelta(days=10)
    make_world(person(Role.ADMINISTRATOR))
    run = Run.objects.filter(state="ended").first()
    Run.objects.filter(pk=run.pk).update(started_at=NOW - timedelta(days=12), ended_at=NOW - timedelta(days=11))
    step = Step.objects.create(
        run=run, position=999, name="dump", outcome="pass", started_at=NOW, tail="words", tool="pg_dump", exit_code=0
    )
    asked = {"run": run, "label_values": {}, "expected": "Ana", "found": "Ana Ivanova", "outcome": "pass"}
    own, counted = (
        Assertion.objects.create(position=900 + number, label_code=code, **asked)
        for number, code in enumerate([AssertionCode.DECLARED, AssertionCode.ROWS])
    )
    entries = Entry.objects.count()
    assert retention.forget_old(now=NOW)["output of runs"] >= 1
    step.refresh_from_db()
    assert (step.tail, step.outcome, step.tool, step.exit_code) == ("", "pass", "pg_dump", 0)
    own.refresh_from_db()
    counted.refresh_from_db()
    assert (own.found, own.expected, own.outcome, counted.found) == ("", "Ana", "pass", "Ana Ivanova")
    assert Entry.objects.count() == entries


def test_signs_of_life_of_parts_that_are_gone_go():
    services.beat("worker:gone", now=NOW - timedelta(days=31))
    services.beat("worker:here", now=NOW - timedelta(days=29))
    retention.forget_old(now=NOW)
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker:here"}


def test_much_goes_in_small_batches(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        services.beat(f"worker:{number}", now=NOW - timedelta(days=40))
    assert retention.batch(Heartbeat.objects.all()) == 2
    assert retention.forget_old(now=NOW)["signs of life"] == 3
    assert not Heartbeat.objects.exists()


def test_one_kind_that_fails_keeps_no_other_from_going(monkeypatch):
    def fails(now):
        raise DatabaseError("locked")

    retention.forget_old(now=NOW)
    monkeypatch.setitem(retention.KINDS, "a kind", fails)
    services.beat("worker:gone", now=NOW - timedelta(days=31))
    assert retention.forget_old(now=NOW)["signs of life"] == 1


def test_it_is_looked_for_once_an_hour(monkeypatch):
    asked = []

    def ask(*, now):
        asked.append(now)

    monkeypatch.setattr(retention, "forget_old", ask)
    for minutes in (0, 30, 61):
        receivers.forget_old(now=NOW + timedelta(minutes=minutes))
    assert asked == [NOW, NOW + timedelta(minutes=61)]
