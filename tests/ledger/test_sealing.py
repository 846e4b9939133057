"""Sealing closes what was written, while writing goes on."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from common.signals import sweep, tick
from ledger import heads
from ledger.models import Seal, SealedEntry
from ledger.services import record, seal_pending
from ledger.verify import verify


@pytest.mark.django_db
def test_a_seal_closes_all_that_waits_and_is_chained_to_the_one_before(write, seal):
    write(3)
    assert seal() == 3
    write(2)
    assert seal() == 2
    second, first = Seal.objects.all()
    assert (first.number, first.entries_count, first.previous_head) == (1, 3, "")
    assert (second.number, second.entries_count, second.previous_head) == (2, 2, first.head)


@pytest.mark.django_db
def test_nothing_waiting_makes_no_seal(seal):
    assert seal() == 0
    assert not Seal.objects.exists()


@pytest.mark.django_db
def test_a_backlog_is_sealed_in_batches(write, seal):
    write(7)
    assert [seal(limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert verify().first_bad is None


@pytest.mark.django_db
def test_the_tick_seals_what_waited_half_a_minute(write):
    [entry] = write()
    tick.send(sender=None, now=entry.at + timedelta(seconds=29))
    assert not Seal.objects.exists()
    tick.send(sender=None, now=entry.at + timedelta(seconds=31))
    assert Seal.objects.get().entries_count == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_after_later_ones_were_sealed_is_sealed_too(alice, write, seal):
    written, may_commit = threading.Event(), threading.Event()

    def slow_writer():
        try:
            with transaction.atomic():
                record(verb="user.slow", subject=alice, actor=alice)
                written.set()
                may_commit.wait(20)
        finally:
            connection.close()

    slow = threading.Thread(target=slow_writer)
    slow.start()
    assert written.wait(20)
    for _ in range(3):
        write(2)
        assert seal() == 2
    may_commit.set()
    slow.join(20)
    assert seal() == 1
    assert SealedEntry.objects.latest("seal__number").entry.verb == "user.slow"
    assert verify().first_bad is None


@pytest.mark.django_db(transaction=True)
def test_two_sealers_and_many_writers_at_once_seal_everything_once(alice, seal):
    def writer():
        try:
            for _ in range(25):
                with transaction.atomic():
                    record(verb="user.renamed", subject=alice, actor=alice)
        finally:
            connection.close()

    writers = [threading.Thread(target=writer) for _ in range(4)]
    failed = []

    def sealer():
        try:
            while any(thread.is_alive() for thread in writers):
                seal(limit=9)
        except DatabaseError as error:
            failed.append(error)
        finally:
            connection.close()

    sealers = [threading.Thread(target=sealer) for _ in range(2)]
    for thread in [*writers, *sealers]:
        thread.start()
    for thread in [*writers, *sealers]:
        thread.join(60)
    seal()
    report = verify()
    assert not failed
    assert (report.first_bad, report.entries, report.unsealed) == (None, 100, 0)


@pytest.mark.django_db(transaction=True)
def test_every_head_leaves_the_database_on_commit(write):
    for _ in range(3):
        write()
        seal_pending(now=timezone.now())
    left = [(head.number, head.head) for head in heads.published(until_bytes=heads.published_bytes())]
    assert left == list(Seal.objects.order_by("number").values_list("number", "head"))
    assert heads.path().stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db(transaction=True)
def test_heads_that_did_not_leave_follow_with_the_sweep(write, seal):
    write()
    seal()
    heads.path().write_text("1 abc")  # cut off in the middle of a line by a power failure
    sweep.send(sender=None, now=timezone.now())
    sweep.send(sender=None, now=timezone.now())
    seal_made = Seal.objects.get()
    assert heads.path().read_text().startswith(f"1 {seal_made.head} ")
    assert len(heads.path().read_text().splitlines()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_place_that_cannot_be_written_does_not_undo_the_seal(write, seal, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"
    write()
    assert seal() == 1
    settings.DATA_DIR = tmp_path
    sweep.send(sender=None, now=timezone.now())
    assert (tmp_path / heads.NAME).read_text().startswith("1 ")
