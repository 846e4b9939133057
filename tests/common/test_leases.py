"""One holder at a time; who lost a row changes nothing any more."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, models
from django.utils import timezone

from common import leases
from common.leases import LEASE, MAX_ATTEMPTS, Keeper, Leased, LeaseLost, claim, held, keep, renew


class Task(Leased):
    """A row that is worked on, for these tests only."""

    state = models.CharField(max_length=10, default="queued")

    class Meta:
        app_label = "tests"


@pytest.fixture
def task(transactional_db):
    """A table of its own, gone after the test."""
    with connection.schema_editor() as editor:
        editor.create_model(Task)
    yield Task.objects.create()
    with connection.schema_editor() as editor:
        editor.delete_model(Task)


def test_a_claim_takes_the_row_and_sets_what_is_asked(task):
    now = timezone.now()
    token = claim(Task.objects.filter(pk=task.pk), now=now, state="running")
    task.refresh_from_db()
    assert (task.lease_token, task.lease_until, task.attempts) == (token, now + LEASE, 1)
    assert task.state == "running"


def test_a_second_claim_loses(task):
    assert claim(Task.objects.filter(pk=task.pk)) is not None
    assert claim(Task.objects.filter(pk=task.pk)) is None


def test_of_many_claims_at_the_same_moment_one_wins(task):
    starts, won = threading.Barrier(8), []

    def try_it():
        try:
            starts.wait()
            won.append(claim(Task.objects.filter(pk=task.pk)))
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 8
    assert len([token for token in won if token]) == 1


def test_a_lease_that_ran_out_is_taken_and_the_old_holder_writes_nothing(task):
    now = timezone.now()
    first = claim(Task.objects.filter(pk=task.pk), now=now)
    assert claim(Task.objects.filter(pk=task.pk), now=now + LEASE - timedelta(seconds=1)) is None
    second = claim(Task.objects.filter(pk=task.pk), now=now + LEASE + timedelta(seconds=1))
    assert second not in (None, first)
    assert held(Task, task.pk, first).update(state="first") == 0
    assert held(Task, task.pk, second).update(state="second") == 1
    assert not renew(Task, task.pk, first)
    assert renew(Task, task.pk, second)


def test_a_row_is_taken_up_three_times_at_most(task):
    now = timezone.now()
    for attempt in range(MAX_ATTEMPTS):
        assert claim(Task.objects.filter(pk=task.pk), now=now + attempt * 2 * LEASE) is not None
    assert claim(Task.objects.filter(pk=task.pk), now=now + 10 * LEASE) is None
    task.refresh_from_db()
    assert task.attempts == MAX_ATTEMPTS


def test_a_keeper_renews_for_as_long_as_the_work_lasts(task, monkeypatch):
    monkeypatch.setattr(leases, "RENEW_EVERY_SECONDS", 0.05)
    token = claim(Task.objects.filter(pk=task.pk), now=timezone.now() - LEASE + timedelta(seconds=5))
    task.refresh_from_db()
    before = task.lease_until
    with keep(Task, task.pk, token, on_loss=pytest.fail) as keeper:
        assert wait_until(lambda: Task.objects.get().lease_until > before)
        keeper.check()
    assert not keeper._thread.is_alive()


def test_a_keeper_tells_once_when_the_row_is_taken(task, monkeypatch):
    monkeypatch.setattr(leases, "RENEW_EVERY_SECONDS", 0.05)
    token, told = claim(Task.objects.filter(pk=task.pk)), []
    with keep(Task, task.pk, token, on_loss=lambda: told.append("ended")) as keeper:
        Task.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        # The keeper may renew before we take it: then it runs out again.
        assert wait_until(lambda: take_over(task))
        assert keeper.lost.wait(20)
        with pytest.raises(LeaseLost):
            keeper.check()
        assert wait_until(lambda: not keeper._thread.is_alive())
    assert told == ["ended"]


def test_a_keeper_outlives_a_database_that_hangs_up_once(task, monkeypatch):
    monkeypatch.setattr(leases, "RENEW_EVERY_SECONDS", 0.05)
    token = claim(Task.objects.filter(pk=task.pk))
    task.refresh_from_db()
    with keep(Task, task.pk, token, on_loss=pytest.fail) as keeper:
        assert wait_until(lambda: Task.objects.get().lease_until > task.lease_until)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        until = Task.objects.get().lease_until
        assert wait_until(lambda: Task.objects.get().lease_until > until)
        keeper.check()


def test_a_keeper_outlives_a_connection_that_was_closed_under_it(task):
    keeper = Keeper(Task, task.pk, claim(Task.objects.filter(pk=task.pk)), on_loss=pytest.fail)
    connection.connection.close()
    assert keeper._renew() is None
    assert keeper._renew()


def take_over(task):
    Task.objects.filter(pk=task.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    return claim(Task.objects.filter(pk=task.pk)) is not None


def wait_until(holds, seconds=20):
    """Ask again and again, for some seconds at most."""
    waiting, deadline = threading.Event(), timezone.now() + timedelta(seconds=seconds)
    while not (found := holds()) and timezone.now() < deadline:
        waiting.wait(0.02)
    return found
