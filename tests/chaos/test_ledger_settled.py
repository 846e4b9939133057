"""What the ledger concludes once every older transaction of the cluster has ended.

Other tests of a parallel run work in the same cluster, some of them in one transaction for a minute.
"""

import pytest
from django.db import connection

from ledger.canonical import sign
from ledger.choices import Problem
from ledger.models import Entry, Seal
from ledger.verify import verify
from tests.support.ledger import without_triggers
from tests.support.product import wait_until


@pytest.fixture
def settled():
    """Waits until every transaction of the cluster that ran at the last seal has ended."""

    def wait() -> None:
        horizon = Seal.objects.first().horizon
        wait_until(lambda: _oldest_running() >= horizon, 120)

    return wait


def _oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_later_seals_do_not_look_again_at_what_was_sealed_long_ago(write, seal, settled):
    for _ in range(4):
        write(5)
        seal(limit=3)
        seal()
        settled()
    newest = Entry.objects.first().pk
    assert Seal.objects.first().floor_id >= newest - 5
    assert verify().first_bad is None


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_comes_where_all_was_sealed_is_named_even_with_our_key(seal, write, settled):
    history = []
    for _ in range(3):
        history += write(4)
        seal()
    history += write(2)
    without_triggers(f"DELETE FROM ledger_entry WHERE id = {history[12].pk}")
    for _ in range(3):
        seal()
        settled()
        write()
    late = history[12]
    late.verb = "user.loved"
    sign([late])
    late.save(force_insert=True)
    found = verify().first_bad
    assert (found.problem, found.entry) == (Problem.LATE, late.pk)
