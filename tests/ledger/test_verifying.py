"""Whoever changes the history behind the product's back is found, as database superuser too."""

import json
from io import StringIO
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils.translation import override

from ledger.canonical import close, digest
from ledger.choices import Problem
from ledger.merkle import Tree
from ledger.models import Entry, Seal, SealedEntry
from ledger.verify import Walk, verify
from tests.support.ledger import as_superuser, without_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(write, seal):
    """Three seals of four entries each, and two entries that are not sealed yet."""
    entries = []
    for _ in range(3):
        entries += write(4)
        seal()
    return [*entries, *write(2)]


def run_command(*arguments):
    """Exit code and output of `verify_ledger`."""
    out = StringIO()
    try:
        call_command("verify_ledger", *arguments, stdout=out)
    except SystemExit as exit_:
        return exit_.code, out.getvalue()
    return 0, out.getvalue()


def reseal(number):
    """What a clever superuser does: make the digests and the chain fit again, without our key."""
    previous = Seal.objects.filter(number=number - 1).first()
    seal = Seal.objects.get(number=number)
    tree = Tree()
    for place in SealedEntry.objects.filter(seal=seal).select_related("entry").order_by("position"):
        fitting = digest(place.entry)
        tree.add(fitting)
        as_superuser("UPDATE ledger_sealedentry SET digest = %s WHERE entry_id = %s", arguments=[fitting, place.pk])
    seal.entries_count, seal.root, seal.previous_head = tree.count, tree.root(), previous.head if previous else ""
    mac = seal.mac
    close(seal)
    as_superuser(
        "UPDATE ledger_seal SET entries_count = %s, root = %s, previous_head = %s, head = %s, mac = %s"
        " WHERE number = %s",
        arguments=[seal.entries_count, seal.root, seal.previous_head, seal.head, mac, number],
    )


def test_a_whole_ledger_is_said_to_be_whole(history):
    report = verify()
    assert (report.first_bad, report.entries, report.seals, report.unsealed) == (None, 14, 3, 2)
    assert report.head == Seal.objects.get(number=3).head


def test_an_empty_ledger_is_whole(db):
    assert verify().first_bad is None


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'user.loved'",
        "data = '{\"name\": 1}'",
        "at = at + interval '1 microsecond'",
        "actor_label = 'Bob'",
        "actor_id = ''",
        "subject_id = ''",
        "address = '192.0.2.1'",
        "request_id = 'x'",
        "mac = repeat('0', 64)",
    ],
)
@pytest.mark.parametrize("place", [5, 13])
def test_a_changed_entry_is_named_whether_it_is_sealed_or_not(history, change, place):
    entry = history[place]
    as_superuser(f"UPDATE ledger_entry SET {change} WHERE id = {entry.pk}")
    found = verify().first_bad
    assert found.entry == entry.pk
    assert found.problem == (Problem.CHANGED if place == 5 else Problem.NOT_OURS)


def test_the_first_of_several_is_named(history):
    as_superuser(f"UPDATE ledger_entry SET verb = 'user.loved' WHERE id IN ({history[9].pk}, {history[6].pk})")
    assert verify().first_bad.entry == history[6].pk


def test_a_changed_entry_is_named_even_when_the_whole_chain_was_made_to_fit(history):
    as_superuser(f"UPDATE ledger_entry SET verb = 'user.loved' WHERE id = {history[5].pk}")
    for number in (2, 3):
        reseal(number)
    assert verify().first_bad.entry == history[5].pk


def test_a_removed_entry_is_named(history):
    as_superuser(f"DELETE FROM ledger_entry WHERE id = {history[6].pk}")
    found = verify().first_bad
    assert (found.problem, found.entry, found.seal, found.position) == (Problem.REMOVED, history[6].pk, 2, 2)


@pytest.mark.parametrize("position", [0, 1, 3])
def test_an_entry_removed_with_its_place_leaves_a_gap(history, position):
    entry = history[4 + position].pk
    as_superuser(
        f"DELETE FROM ledger_sealedentry WHERE entry_id = {entry}", f"DELETE FROM ledger_entry WHERE id = {entry}"
    )
    found = verify().first_bad
    assert (found.problem, found.seal, found.position) == (Problem.PLACE_REMOVED, 2, position)


def test_a_removed_entry_is_found_even_when_the_chain_was_made_to_fit(history):
    entry = history[7].pk
    as_superuser(
        f"DELETE FROM ledger_sealedentry WHERE entry_id = {entry}", f"DELETE FROM ledger_entry WHERE id = {entry}"
    )
    for number in (2, 3):
        reseal(number)
    assert verify().first_bad.problem == Problem.SEAL_NOT_OURS


def test_an_unsealed_entry_that_is_removed_leaves_no_trace_and_we_say_so(history):
    as_superuser(f"DELETE FROM ledger_entry WHERE id = {history[13].pk}")
    assert verify().first_bad is None
    assert "1 entry is signed but not sealed yet: removed, it would leave no trace" in run_command()[1]


COLUMNS = (
    "at, actor_kind, actor_id, actor_label, verb, subject_type, subject_id, subject_label, data, request_id, address"
)


def insert(number, key_id, mac="0" * 64):
    """An entry that looks like another, put in by SQL."""
    as_superuser(
        f"INSERT INTO ledger_entry (id, key_id, mac, {COLUMNS}) SELECT %s, %s, %s, {COLUMNS}"
        " FROM ledger_entry ORDER BY id LIMIT 1",
        arguments=[number, key_id, mac],
    )


def test_an_inserted_entry_is_named_before_it_is_sealed(history):
    number = history[-1].pk + 100
    insert(number, history[0].key_id)
    found = verify().first_bad
    assert (found.problem, found.entry) == (Problem.NOT_OURS, number)


def test_an_inserted_entry_with_the_signature_of_another_is_named(history):
    number = history[-1].pk + 100
    insert(number, history[0].key_id, history[0].mac)
    assert verify().first_bad.entry == number


def test_an_inserted_entry_under_an_invented_key_is_named(history):
    number = history[-1].pk + 100
    insert(number, "deadbeef")
    found = verify().first_bad
    assert (found.problem, found.entry) == (Problem.FOREIGN_KEY, number)


def test_an_inserted_entry_is_still_named_after_the_product_sealed_it(history, seal):
    number = history[-1].pk + 100
    insert(number, "deadbeef")
    seal()
    assert verify().first_bad.entry == number


@pytest.mark.django_db(transaction=True)
def test_another_superusers_change_is_named_by_a_check_of_one_moment(history):
    without_triggers(f"UPDATE ledger_entry SET verb = 'user.loved' WHERE id = {history[5].pk}")
    code, out = run_command()
    assert (code, f"Entry {history[5].pk} (user.loved, Alice Archer) was changed." in out) == (1, True)


def test_an_entry_put_into_a_closed_seal_is_named(history):
    number = history[-1].pk + 100
    insert(number, history[0].key_id)
    as_superuser(
        "INSERT INTO ledger_sealedentry (entry_id, seal_id, position, digest) VALUES (%s, 2, 4, %s)",
        arguments=[number, digest(Entry.objects.get(pk=number))],
    )
    found = verify().first_bad
    assert (found.problem, found.entry, found.seal) == (Problem.INSERTED, number, 2)


@pytest.mark.parametrize(
    "change",
    ["root = repeat('0', 64)", "previous_head = ''", "head = repeat('0', 64)", "at = at + interval '1 second'"],
)
def test_a_changed_seal_is_named(history, change):
    as_superuser(f"UPDATE ledger_seal SET {change} WHERE number = 2")
    found = verify().first_bad
    assert (found.problem, found.seal) == (Problem.SEAL_CHANGED, 2)


def test_exchanged_places_are_found(history):
    as_superuser(
        "ALTER TABLE ledger_sealedentry DROP CONSTRAINT seal_has_one_entry_a_place",
        "UPDATE ledger_sealedentry SET position = 1 - position WHERE seal_id = 1 AND position < 2",
        "ALTER TABLE ledger_sealedentry ADD CONSTRAINT seal_has_one_entry_a_place UNIQUE (seal_id, position)",
    )
    assert verify().first_bad.problem == Problem.SEAL_CHANGED


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_seal_is_named(history, number):
    as_superuser(f"DELETE FROM ledger_seal WHERE number = {number}")
    found = verify().first_bad
    assert (found.problem, found.seal) == (Problem.SEAL_REMOVED, number)


def cut_off_the_end():
    as_superuser(
        "DELETE FROM ledger_entry WHERE id NOT IN (SELECT entry_id FROM ledger_sealedentry WHERE seal_id < 3)",
        "DELETE FROM ledger_sealedentry WHERE seal_id = 3",
        "DELETE FROM ledger_seal WHERE number = 3",
    )


def test_a_cut_off_end_is_found_against_the_heads_that_left_the_database(history):
    cut_off_the_end()
    found = verify().first_bad
    assert (found.problem, found.seal) == (Problem.CUT_OFF, 3)


def test_an_end_that_was_cut_off_and_grew_again_is_found(history, write, seal):
    cut_off_the_end()
    write(4)
    seal()
    found = verify().first_bad
    assert (found.problem, found.seal) == (Problem.HEAD_DIFFERS, 3)


def test_a_head_that_somebody_kept_is_asked_for(history):
    kept = Seal.objects.get(number=2).head
    assert run_command("--head", kept)[0] == 0
    code, out = run_command("--head", "0" * 64)
    assert code == 1
    assert "belongs to no seal" in out


@pytest.mark.django_db(transaction=True)
def test_what_is_sealed_while_we_look_is_not_taken_for_a_cut_off_end(history, seal, monkeypatch):
    walked = []
    over_the_unsealed = Walk.over_the_unsealed

    def and_meanwhile_a_seal_is_made(walk):
        def make():
            walked.append(seal())
            connection.close()

        other = Thread(target=make)
        other.start()
        other.join(20)
        over_the_unsealed(walk)

    monkeypatch.setattr(Walk, "over_the_unsealed", and_meanwhile_a_seal_is_made)
    assert verify().first_bad is None
    assert walked == [2]


@pytest.fixture
def other_key(settings):
    """Another installation's key, until the test ends."""
    before = settings.SECRETS_KEYS
    settings.SECRETS_KEYS = ["5wNcT6AuBEGXQFzmiQPPJP8p8SzTgNFqcqHQQO9Vs2w="]
    yield
    settings.SECRETS_KEYS = before


def test_signatures_whose_key_is_gone_are_counted_and_not_called_good(history, other_key):
    report = verify()
    assert (report.first_bad, report.unknown_signatures) == (None, 17)
    assert "17 signatures could not be checked" in run_command()[1]


def test_a_lost_key_is_told_from_an_invented_one_after_our_own_signed_again(history, other_key, seal, write):
    seal()
    write()
    seal()
    assert verify().first_bad is None
    insert(history[-1].pk + 100, "deadbeef")
    assert verify().first_bad.problem == Problem.FOREIGN_KEY


def test_the_command_ends_with_0_when_whole_and_says_the_head(history):
    code, out = run_command()
    assert code == 0
    assert "The ledger is whole: 14 entries, 3 seals." in out
    assert Seal.objects.get(number=3).head in out


def test_the_command_ends_with_1_and_names_the_entry(history):
    as_superuser(f"UPDATE ledger_entry SET verb = 'user.loved' WHERE id = {history[2].pk}")
    code, out = run_command()
    assert code == 1
    assert f"Entry {history[2].pk} (user.loved, Alice Archer) was changed." in out


def test_the_command_prints_one_json_object(history):
    as_superuser(f"DELETE FROM ledger_entry WHERE id = {history[2].pk}")
    code, out = run_command("--json")
    answer = json.loads(out)
    assert (code, answer["is_whole"]) == (1, False)
    assert answer["first_bad"]["problem"] == "removed"
    assert answer["first_bad"]["entry"] == history[2].pk
    assert str(history[2].pk) in answer["first_bad"]["message"]


def test_every_finding_is_a_sentence_in_both_languages(history):
    as_superuser(f"UPDATE ledger_entry SET verb = 'user.loved' WHERE id = {history[2].pk}")
    found = verify().first_bad
    for language in ("en", "zh-hans"):
        with override(language):
            assert str(history[2].pk) in found.message
