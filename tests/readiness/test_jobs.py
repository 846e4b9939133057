"""The page of jobs: who lives, what runs, waits, failed and comes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backups.choices import Outcome, RunKind
from backups.models import Schedule
from common import services
from common.models import Heartbeat, PendingFact
from common.pulse import WORKERS, heartbeat_of
from ledger import watch
from people.choices import Role
from readiness.jobs import jobs_at
from tests.backups import rows
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db


def all_alive() -> None:
    now = timezone.now()
    services.tick(now=now)
    services.sweep(now=now)
    for name in [*map(heartbeat_of, WORKERS), watch.VERIFIED]:
        services.beat(name, now=now)


def test_parts_that_never_gave_a_sign_and_parts_that_stopped_are_silent():
    assert jobs_at(timezone.now()).silent == 6

    all_alive()
    assert jobs_at(timezone.now()).silent == 0

    Heartbeat.objects.filter(name="sweep").update(at=timezone.now() - timedelta(minutes=2))
    assert [sign.name for sign in jobs_at(timezone.now()).signs if not sign.is_alive] == ["sweep"]


def test_the_page_shows_what_runs_waits_failed_and_comes():
    policy = rows.policy("mail")
    running = rows.running(policy, RunKind.BACKUP)
    failed = rows.ended(policy, RunKind.CHECK, Outcome.FAIL)
    Schedule.objects.create(
        policy=policy, kind=RunKind.BACKUP, rule="0 2 * * *", next_due_at=timezone.now() + timedelta(hours=1)
    )
    PendingFact.objects.create(fact="backups.run_ended", receiver="incidents", due_at=timezone.now(), last_error="x")

    page = signed_in(Role.ADMINISTRATOR).get("/jobs/").text

    for shown in (running.reference, failed.reference, "0 2 * * *", "backups.run_ended", "Silent"):
        assert shown in page
    assert 'action="/backups/mail/start/"' in page


def test_an_auditor_reads_and_is_offered_no_button():
    rows.ended(rows.policy("mail"), RunKind.CHECK, Outcome.FAIL)

    page = signed_in(Role.AUDITOR).get("/jobs/").text

    assert "C-" in page
    assert "/start/" not in page


@pytest.mark.parametrize("role", [Role.REPORTER, Role.REVIEWER])
def test_others_have_no_such_page(role):
    assert signed_in(role).get("/jobs/").status_code == 404


def test_it_costs_the_same_however_much_there_is():
    rows.ended(rows.policy("mail"), RunKind.CHECK, Outcome.FAIL)
    with CaptureQueriesContext(connection) as one:
        jobs_at(timezone.now())
    for number in range(5):
        rows.ended(rows.policy(f"mail-{number}"), RunKind.CHECK, Outcome.FAIL)
        rows.running(rows.policy(f"run-{number}"), RunKind.CHECK)
    with CaptureQueriesContext(connection) as many:
        jobs_at(timezone.now())

    assert len(many) == len(one)
