"""Work is done once, by whoever holds the run; who lost it writes nothing; who dies is replaced, at most twice."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from backups import services
from backups.adapters.local import opened
from backups.choices import Outcome, RunState, StepName
from backups.models import BackupPolicy, Copy, Run
from backups.services.ending import end
from backups.services.journal import Journal
from backups.services.work import Ending, place_of, staging_of
from backups.signals import RUN_ENDED
from common.facts import deliver_pending
from common.leases import LeaseLost, claim
from common.models import PendingFact
from ledger.models import Entry
from tests.backups.conftest import carried_out
from tests.backups.test_schedules import at_the_same_moment
from tests.support.product import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def asked_for(policy: BackupPolicy, kind: str = "backup") -> Run:
    return services.request_run(policy_id=policy.pk, kind=kind, in_foreground=True)


def dead(run: Run, *, attempts: int = 1) -> Run:
    """A run whose worker died a while ago."""
    Run.objects.filter(pk=run.pk).update(
        state=RunState.RUNNING,
        attempts=attempts,
        lease_token=uuid.uuid4(),
        lease_until=timezone.now() - timedelta(seconds=1),
        started_at=timezone.now() - timedelta(minutes=2),
    )
    return Run.objects.get(pk=run.pk)


def test_a_task_that_is_delivered_twice_works_once(policy: BackupPolicy):
    run = asked_for(policy)
    assert services.carry_out(run_id=run.pk) is True
    assert services.carry_out(run_id=run.pk) is False
    assert Copy.objects.count() == 1
    assert Entry.objects.filter(verb="backup.ended").count() == 1


def test_two_workers_at_the_same_moment_work_once(policy: BackupPolicy):
    run = asked_for(policy)
    assert sorted(at_the_same_moment(lambda: services.carry_out(run_id=run.pk))) == [False, True]
    assert Copy.objects.count() == 1


def test_a_run_that_is_not_there_is_nothing_to_do():
    assert services.carry_out(run_id=uuid.uuid4()) is False


def test_who_lost_the_run_writes_no_step_and_no_end(policy: BackupPolicy):
    run = asked_for(policy)
    token = claim(Run.objects.filter(pk=run.pk), state=RunState.RUNNING, started_at=timezone.now())
    Run.objects.filter(pk=run.pk).update(lease_token=uuid.uuid4())
    with pytest.raises(LeaseLost), Journal(run, token).step(StepName.CONNECT):
        pass
    with pytest.raises(LeaseLost):
        end(run, token, Ending(Outcome.PASS))
    assert run.steps.count() == 0
    assert Run.objects.get(pk=run.pk).state == RunState.RUNNING
    assert not Entry.objects.filter(verb="backup.ended").exists()


def test_a_run_whose_worker_died_is_queued_again_and_taken_up(policy: BackupPolicy):
    run = dead(asked_for(policy))
    assert services.take_back(now=timezone.now()) == 1
    assert Run.objects.get(pk=run.pk).state == RunState.QUEUED
    assert services.carry_out(run_id=run.pk) is True
    again = Run.objects.get(pk=run.pk)
    assert (again.outcome, again.attempts) == (Outcome.PASS, 2)


def test_a_run_that_kills_its_worker_each_time_ends_as_an_error(policy: BackupPolicy):
    run = dead(asked_for(policy), attempts=3)
    services.take_back(now=timezone.now())
    ended = Run.objects.get(pk=run.pk)
    assert (ended.state, ended.outcome, ended.reason_code) == (RunState.ENDED, Outcome.ERROR, "worker_died")
    assert "3 times" in ended.reason
    assert Entry.objects.filter(verb="backup.ended").count() == 1
    assert services.take_back(now=timezone.now()) == 0


def test_steps_that_a_dead_worker_left_open_are_closed(policy: BackupPolicy):
    run = asked_for(policy)
    now = timezone.now()
    run.steps.create(position=1, attempt=1, name=StepName.CONNECT, started_at=now)
    dead(run)
    services.take_back(now=now)
    services.carry_out(run_id=run.pk)
    first = run.steps.get(position=1)
    assert (first.outcome, first.note_code) == ("error", "worker_died_here")
    assert first.ended_at is not None
    assert not run.steps.filter(outcome="running").exists()


def test_a_run_that_the_broker_lost_is_queued_again(policy: BackupPolicy):
    run = asked_for(policy)
    assert services.queue_again(now=timezone.now()) == 0
    assert services.queue_again(now=timezone.now() + timedelta(seconds=25)) == 1
    assert Run.objects.get(pk=run.pk).queued_at > run.queued_at


def test_half_a_copy_of_a_dead_worker_is_removed(policy: BackupPolicy):
    carried_out(policy, "backup")
    partial = Path(policy.repository.location) / ".partial"
    (partial / str(uuid.uuid4())).mkdir()
    services.clean_up()
    assert list(partial.iterdir()) == []


def test_half_a_copy_that_somebody_is_making_is_left_alone(policy: BackupPolicy):
    carried_out(policy, "backup")
    run = asked_for(policy)
    token = claim(Run.objects.filter(pk=run.pk), state=RunState.RUNNING, started_at=timezone.now())
    partial = Path(policy.repository.location) / ".partial"
    mine, of_a_dead_attempt = staging_of(run.pk, token), staging_of(run.pk, uuid.uuid4())
    for name in (mine, of_a_dead_attempt):
        (partial / name).mkdir()
    services.clean_up()
    assert [path.name for path in partial.iterdir()] == [mine]


def test_half_a_copy_is_removed_where_no_copy_was_ever_stored(policy: BackupPolicy):
    with opened(place_of(policy), is_new=True) as folder, folder.staged("kept open"):
        dead_attempt = Path(policy.repository.location) / ".partial" / str(uuid.uuid4())
        dead_attempt.mkdir()
    services.clean_up()
    assert not dead_attempt.exists()


def test_an_attempt_that_lost_its_run_leaves_the_staged_copy_of_the_next_one_alone(policy: BackupPolicy):
    run = asked_for(policy)
    with opened(place_of(policy), is_new=True) as folder:
        lost, present = (staging_of(run.pk, uuid.uuid4()) for _attempt in range(2))
        with folder.staged(present) as staging:
            with folder.staged(lost):
                pass
            assert staging.is_dir()


def test_a_stored_copy_that_was_never_counted_is_made_anew_and_no_other_is_touched(policy: BackupPolicy):
    first = carried_out(policy, "backup")
    run = asked_for(policy)
    folder = Path(policy.repository.location) / policy.slug
    mine, foreign = (folder / f"{stamp}-{run.number:04d}" for stamp in ("20260101T000000Z", "20250101T000000Z"))
    for path, owner in ((mine, str(run.pk)), (foreign, str(uuid.uuid4()))):
        path.mkdir()
        (path / "manifest.json").write_text(f'{{"run": "{owner}"}}')
    services.carry_out(run_id=run.pk)
    assert not mine.exists()
    assert foreign.exists()
    assert (folder.parent / first.copy.name).exists()


def test_an_interrupted_run_waits_for_the_next_start_and_costs_no_attempt(policy: BackupPolicy):
    run = asked_for(policy)
    waiting = threading.Thread(target=lambda: _interrupt_when(run))
    waiting.start()
    with _source_locked(policy):
        services.carry_out(run_id=run.pk)
    waiting.join()
    back = Run.objects.get(pk=run.pk)
    assert (back.state, back.attempts, back.lease_token) == (RunState.QUEUED, 0, None)
    assert services.carry_out(run_id=run.pk) is True
    assert Run.objects.get(pk=run.pk).outcome == Outcome.PASS


@pytest.fixture
def deaf_receiver() -> Iterator[list[str]]:
    """Somebody who listens to the end of runs and fails the first time."""
    heard: list[str] = []

    def listen(run_id: str) -> None:
        heard.append(run_id)
        if len(heard) == 1:
            raise RuntimeError("out of order")

    RUN_ENDED.receiver("tests.deaf")(listen)
    yield heard
    del RUN_ENDED.receivers["tests.deaf"]


def test_a_receiver_that_fails_leaves_the_failure_recorded_and_is_asked_again(
    policy: BackupPolicy, deaf_receiver: list[str]
):
    run = carried_out(policy, "check")
    assert (run.state, run.outcome) == (RunState.ENDED, Outcome.FAIL)
    assert PendingFact.objects.get().receiver == "tests.deaf"
    assert deliver_pending(now=timezone.now()) == 1
    assert deaf_receiver == [str(run.pk)] * 2
    assert not PendingFact.objects.exists()


def _interrupt_when(run: Run) -> None:
    """As the worker's signal handler does, once pg_dump is waiting."""
    try:
        wait_until(lambda: run.steps.filter(name=StepName.DUMP).exists(), 20)
        services.interrupt()
    finally:
        connection.close()


@contextmanager
def _source_locked(policy: BackupPolicy) -> Iterator[None]:
    """A table of the source that nobody can read while the block runs."""
    own = psycopg2.connect(
        **{**connection.get_connection_params(), "dbname": policy.sources.get().settings["database"]}
    )
    with closing(own), own.cursor() as cursor:
        cursor.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
        yield
