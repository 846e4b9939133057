"""What a low floor announces stands, whatever a higher floor makes of it; nobody misses it for good."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from common import facts
from common.facts import Fact, announce, deliver_pending
from common.models import Heartbeat, PendingFact


@pytest.fixture
def fact():
    """A fact that only this test knows."""
    made = Fact("tests.something_happened")
    yield made
    del facts._facts[made.name]


def happen(fact, name="outcome"):
    """The outcome and its announcement, in one transaction."""
    with transaction.atomic():
        Heartbeat.objects.create(name=name, at=timezone.now())
        announce(fact, thing=name)


@pytest.mark.django_db
def test_every_receiver_hears_in_the_same_transaction(fact):
    heard = []
    fact.receiver("first")(lambda thing: heard.append(("first", thing)))
    fact.receiver("second")(lambda thing: heard.append(("second", thing)))
    happen(fact)
    assert heard == [("first", "outcome"), ("second", "outcome")]
    assert not PendingFact.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_fails_undoes_only_itself(fact):
    @fact.receiver("broken")
    def broken(thing):
        Heartbeat.objects.create(name="half done", at=timezone.now())
        raise RuntimeError("this floor is on fire")

    @fact.receiver("sound")
    def sound(thing):
        Heartbeat.objects.create(name="sound", at=timezone.now())

    happen(fact)
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"outcome", "sound"}
    pending = PendingFact.objects.get()
    assert (pending.fact, pending.receiver, pending.arguments) == (fact.name, "broken", {"thing": "outcome"})
    assert "this floor is on fire" in pending.last_error


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_breaks_the_transaction_itself_undoes_only_itself(fact):
    @fact.receiver("broken")
    def broken(thing):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    happen(fact)
    assert Heartbeat.objects.filter(name="outcome").exists()
    assert "division by zero" in PendingFact.objects.get().last_error


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_failed_is_asked_again_until_it_takes_it(fact):
    is_well, heard = [], []

    @fact.receiver("ailing")
    def ailing(thing):
        if not is_well:
            raise RuntimeError("not yet")
        heard.append(thing)

    happen(fact)
    now = timezone.now()
    assert deliver_pending(now=now) == 0
    is_well.append(True)
    assert deliver_pending(now=now + timedelta(seconds=5)) == 0, "asked again too soon"
    assert deliver_pending(now=now + timedelta(seconds=21)) == 1
    assert heard == ["outcome"]
    assert not PendingFact.objects.exists()
    assert deliver_pending(now=now + timedelta(days=1)) == 0


@pytest.mark.django_db(transaction=True)
def test_the_waits_grow_up_to_an_hour(fact):
    @fact.receiver("broken")
    def broken(thing):
        raise RuntimeError("never")

    happen(fact)
    now, waits = timezone.now(), []
    for _ in range(100):
        deliver_pending(now=now)
        due = PendingFact.objects.get().due_at
        waits.append(due - now)
        now = due
    assert waits[0] == timedelta(seconds=20)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
    assert PendingFact.objects.get().attempts == 101


@pytest.mark.django_db(transaction=True)
def test_one_that_always_fails_does_not_hold_up_the_others(fact):
    heard = []

    @fact.receiver("picky")
    def picky(thing):
        if thing == "bad":
            raise RuntimeError(thing)
        heard.append(thing)

    happen(fact, "bad")
    PendingFact.objects.create(
        fact=fact.name, receiver="picky", arguments={"thing": "good"}, due_at=timezone.now(), last_error="x"
    )
    assert deliver_pending(now=timezone.now() + timedelta(minutes=1)) == 1
    assert heard == ["good"]


@pytest.mark.django_db
def test_an_announcement_that_breaks_the_delivery_itself_does_not_hold_up_the_others(fact):
    heard = []

    @fact.receiver("sound")
    def sound(thing):
        heard.append(thing)

    due = {"fact": fact.name, "receiver": "sound", "last_error": "x"}
    now = timezone.now()
    broken = PendingFact.objects.create(**due, arguments=["no arguments"], due_at=now - timedelta(days=1))
    PendingFact.objects.create(**due, arguments={"thing": "good"}, due_at=now, attempts=2**31 - 1)
    broken_too = PendingFact.objects.create(
        **due, arguments={"another": 1}, due_at=now - timedelta(hours=1), attempts=2**31 - 1
    )
    assert deliver_pending(now=now) == 1
    assert heard == ["good"]
    assert {*PendingFact.objects.all()} == {broken, broken_too}


@pytest.mark.django_db
def test_an_error_with_signs_that_no_database_keeps_is_kept_without_them(fact):
    @fact.receiver("binary")
    def binary(thing):
        raise RuntimeError("the tool said \0")

    happen(fact)
    assert "the tool said" in PendingFact.objects.get().last_error


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_is_gone_keeps_its_fact_and_says_why(fact):
    PendingFact.objects.create(
        fact="tests.gone", receiver="gone", arguments={}, due_at=timezone.now(), last_error="x", attempts=1
    )
    assert deliver_pending(now=timezone.now()) == 0
    assert "does not exist any more" in PendingFact.objects.get().last_error


@pytest.mark.django_db(transaction=True)
def test_a_fact_of_an_outcome_that_is_undone_was_never_announced(fact):
    @fact.receiver("broken")
    def broken(thing):
        raise RuntimeError

    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012  the block is what is undone
        announce(fact, thing="x")
        1 / 0  # noqa: B018
    assert not PendingFact.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_announcing_outside_a_transaction_is_refused(fact):
    with pytest.raises(RuntimeError, match="outside a transaction"):
        announce(fact, thing="x")


def test_a_fact_is_declared_once(fact):
    with pytest.raises(ValueError, match="declared twice"):
        Fact(fact.name)
