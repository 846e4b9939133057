"""What Holdfast did not write is never vouched for, and is found without anybody asking."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.models import Heartbeat
from common.signals import sweep
from ledger import watch
from ledger.choices import Problem
from ledger.models import Seal, SealedEntry
from ledger.signals import LEDGER_NOT_WHOLE
from ledger.verify import verify
from tests.ledger.test_verifying import insert
from tests.support.ledger import as_superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced(monkeypatch):
    """What was announced, beside those who listen."""
    heard = []
    monkeypatch.setitem(LEDGER_NOT_WHOLE.receivers, "tests.heard", lambda **arguments: heard.append(arguments))
    return heard


@pytest.mark.parametrize("key", ["ours", "deadbeef"])
def test_a_forged_entry_is_not_sealed_and_announced_once(write, seal, announced, key):
    [first] = write()
    seal()
    forged = first.pk + 1000
    insert(forged, first.key_id if key == "ours" else key)
    write(2)
    assert seal() >= 2
    seal()
    seal()
    assert not SealedEntry.objects.filter(entry_id=forged).exists()
    assert [told["entry"] for told in announced] == [forged]
    assert announced[0]["problem"] == (Problem.NOT_OURS if key == "ours" else Problem.FOREIGN_KEY)


def test_a_forged_entry_alone_makes_no_seal(write, seal):
    [first] = write()
    seal()
    insert(first.pk + 1000, first.key_id)
    seal()  # what the announcement itself led to
    seal()
    assert not SealedEntry.objects.filter(entry_id=first.pk + 1000).exists()
    assert seal() == 0


def test_once_a_forged_entry_is_taken_out_the_ledger_is_whole(write, seal):
    [first] = write()
    insert(first.pk + 1000, first.key_id)
    write(2)
    seal()
    found = verify().first_bad
    assert found.entry == first.pk + 1000
    assert "was not written by Holdfast (inserted or changed)" in found.message
    as_superuser(f"DELETE FROM ledger_entry WHERE id = {first.pk + 1000}")
    seal()
    assert verify().first_bad is None


def test_many_forged_entries_do_not_keep_real_ones_from_being_sealed(write, seal):
    [first] = write()
    for number in range(6):
        insert(first.pk + 1000 + number, first.key_id)
    assert seal(limit=3) == 1


def test_the_whole_ledger_is_computed_again_once_a_day_and_the_first_bad_entry_is_announced(write, seal, announced):
    entries = write(3)
    seal()
    now = timezone.now()
    assert watch.verify_when_due(now=now) is None
    as_superuser(f"UPDATE ledger_entry SET verb = 'user.loved' WHERE id = {entries[1].pk}")
    assert watch.verify_when_due(now=now + timedelta(hours=23)) is None
    assert watch.verify_when_due(now=now + timedelta(hours=25)).entry == entries[1].pk
    assert [(told["problem"], told["entry"]) for told in announced] == [("changed", entries[1].pk)]


def test_the_sweep_asks_for_it_once_until_it_is_done():
    now = timezone.now()
    assert watch.ask(now)
    assert not watch.ask(now + timedelta(minutes=9))
    assert watch.ask(now + timedelta(minutes=11))
    watch.verify_when_due(now=now)
    assert not watch.ask(now + timedelta(hours=23))
    assert watch.ask(now + timedelta(hours=25))


def test_the_sweep_has_it_queued():
    sweep.send(sender=None, now=timezone.now())
    assert Heartbeat.objects.filter(name=watch.ASKED).exists()
    assert not Seal.objects.exists()
