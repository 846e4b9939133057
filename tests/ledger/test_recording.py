"""What an entry says, and that it says the same when it is read again."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.translation import gettext_lazy

from common.context import Handling, current
from ledger.models import Entry
from ledger.services import record
from ledger.verify import verify

pytestmark = pytest.mark.django_db


def test_an_entry_names_who_did_what_to_what_from_where(alice):
    token = current.set(Handling(request_id="a" * 32, address="192.0.2.7"))
    try:
        record(verb="user.renamed", subject=alice, actor=alice, data={"name": ["Al", "Alice"]})
    finally:
        current.reset(token)
    entry = Entry.objects.get()
    assert (entry.actor_kind, entry.actor_id, entry.actor_label) == ("user", str(alice.pk), "Alice Archer")
    assert (entry.verb, entry.subject_type, entry.subject_id) == ("user.renamed", "people.user", str(alice.pk))
    assert (entry.data, entry.request_id, entry.address) == ({"name": ["Al", "Alice"]}, "a" * 32, "192.0.2.7")


def test_a_job_is_named_as_the_actor(alice):
    record(verb="user.locked", subject=alice, actor="system:tick")
    entry = Entry.objects.get()
    assert (entry.actor_kind, entry.actor_label) == ("system", "system:tick")


@pytest.mark.parametrize(
    "value",
    [
        1e16,
        -0.0,
        1.5e300,
        1e-7,
        0.1,
        float("nan"),
        float("-inf"),
        10**30,
        timedelta(days=1),
        gettext_lazy("People"),
        "NUL \x00 here",
        "half \ud800 here",
        {"a\x00": [None, True, {"b": 2.0}]},
        "数据 \u2028 🙂 \\ \" '",
    ],
    ids=repr,
)
def test_every_value_keeps_its_signature_when_it_is_read_again(alice, value):
    record(verb="user.renamed", subject=alice, actor=alice, data={"value": value})
    assert verify().first_bad is None


def test_a_label_that_the_database_cannot_hold_refuses_no_change(alice):
    alice.name = "Al\x00ice\ud800" + "x" * 500
    record(verb="user.renamed", subject=alice, actor=alice)
    assert Entry.objects.get().subject_label.startswith("Al\ufffdice?xxx")
    assert verify().first_bad is None


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused(alice):
    with pytest.raises(RuntimeError, match="in the transaction of the change"):
        record(verb="user.renamed", subject=alice, actor=alice)


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_the_change_that_is_undone(alice):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012  the block is what is undone
        record(verb="user.renamed", subject=alice, actor=alice)
        1 / 0  # noqa: B018
    assert not Entry.objects.exists()
