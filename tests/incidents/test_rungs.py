"""When a failure is over: the table of examples."""

import pytest

from incidents.rungs import BACKUP, Rung, add, clear, read

SUNDAY, MONDAY = "2026-03-01T02:00:00+00:00", "2026-03-02T02:00:00+00:00"


def rung(height, copy_at=SUNDAY, repository="r", policy="p"):
    kind = "backup" if height == BACKUP else "check" if height <= 3 else "restore_test"
    return Rung(policy=policy, repository=repository, kind=kind, height=height, copy_at=copy_at)


@pytest.mark.parametrize(
    ("failed", "held", "is_over"),
    [
        # a backup
        (rung(BACKUP, SUNDAY), rung(BACKUP, MONDAY), True),
        (rung(BACKUP, MONDAY), rung(BACKUP, SUNDAY), False),
        (rung(BACKUP, SUNDAY), rung(0, MONDAY), True),
        (rung(BACKUP, SUNDAY), rung(5, MONDAY), True),
        (rung(BACKUP, MONDAY), rung(5, SUNDAY), False),
        # a check
        (rung(2), rung(BACKUP, MONDAY), False),
        (rung(2), rung(1, MONDAY), False),
        (rung(2), rung(2, SUNDAY), True),
        (rung(2), rung(3, MONDAY), True),
        (rung(2, MONDAY), rung(3, SUNDAY), False),
        # Sunday's failed restore test is not closed by Monday's backup, nor by its check
        (rung(4), rung(BACKUP, MONDAY), False),
        (rung(4), rung(3, MONDAY), False),
        (rung(4), rung(5, MONDAY), True),
        (rung(4), rung(4, SUNDAY), True),
        (rung(5), rung(4, MONDAY), False),
        # somewhere else
        (rung(4, repository="r"), rung(5, MONDAY, repository="other"), False),
        (rung(4, policy="p"), rung(5, MONDAY, policy="other"), False),
    ],
)
def test_a_pass_clears_rungs_at_or_below_its_own_of_the_same_or_a_newer_copy(failed, held, is_over):
    assert clear([failed], held) == ([] if is_over else [failed])


def test_the_same_rung_again_counts_with_the_newer_copy():
    assert add([rung(2, SUNDAY)], rung(2, MONDAY)) == [rung(2, MONDAY)]
    assert add([rung(2, MONDAY)], rung(2, SUNDAY)) == [rung(2, MONDAY)]


def test_rungs_are_kept_beside_one_another_and_come_back_as_they_were_stored():
    failed = add([rung(4)], rung(BACKUP, MONDAY))
    assert failed == [rung(BACKUP, MONDAY), rung(4)]
    assert read([each.as_json() for each in failed]) == failed


def test_a_pass_leaves_the_rungs_above_it():
    assert clear([rung(BACKUP), rung(2), rung(4)], rung(3, MONDAY)) == [rung(4)]


def test_instants_are_compared_as_time_not_as_text():
    in_berlin = "2026-03-01T03:00:00+01:00"
    assert clear([rung(2, SUNDAY)], rung(2, in_berlin)) == []
