"""The rules of proof, as a table of examples. No database: the rules are one pure function."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from catalog.choices import Origin, Outcome, Proof, Reason
from catalog.models import RecoveryMeasurement, Service, System
from catalog.proof import PROOF_OF, Targets, Verdict, judge, judge_service

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MAX_AGE = 90 * DAY

FOUR_HOURS = Targets(recovery_time=4 * HOUR)
FOUR_HOURS_ONE_DAY = Targets(recovery_time=4 * HOUR, data_loss=DAY)


def measured(outcome=Outcome.PASS, *, age=DAY, took=HOUR, lost=None, basis=None, stream=""):
    return RecoveryMeasurement(
        origin=Origin.RESTORE_TEST,
        reference="RT-0007",
        stream=stream,
        outcome=outcome,
        measured_at=NOW - age,
        recovery_time=took if outcome == Outcome.PASS else None,
        data_loss=lost,
        basis=basis or {},
    )


stands_on = dict
FAIL, ERROR = Outcome.FAIL, Outcome.ERROR

EXAMPLES = [
    # what it shows, measurements, targets, basis now, reason
    ("nothing was ever measured", [], FOUR_HOURS, {}, Reason.NEVER),
    ("never, even without a target", [], Targets(), {}, Reason.NEVER),
    ("only errors: nothing was learned", [measured(ERROR), measured(ERROR, age=2 * DAY)], FOUR_HOURS, {}, Reason.NEVER),
    ("within its target", [measured(took=HOUR)], FOUR_HOURS, {}, Reason.CURRENT),
    ("exactly its target is met", [measured(took=4 * HOUR)], FOUR_HOURS, {}, Reason.CURRENT),
    ("a second over it is not", [measured(took=4 * HOUR + timedelta(seconds=1))], FOUR_HOURS, {}, Reason.TOO_SLOW),
    ("the last attempt failed", [measured(FAIL), measured(age=2 * DAY)], FOUR_HOURS, {}, Reason.FAILED),
    ("passed again after a failure", [measured(), measured(FAIL, age=2 * DAY)], FOUR_HOURS, {}, Reason.CURRENT),
    ("the order given does not matter", [measured(FAIL, age=2 * DAY), measured()], FOUR_HOURS, {}, Reason.CURRENT),
    ("an error does not undo a pass", [measured(ERROR), measured(age=2 * DAY)], FOUR_HOURS, {}, Reason.CURRENT),
    ("an error does not undo a failure", [measured(ERROR), measured(FAIL, age=2 * DAY)], FOUR_HOURS, {}, Reason.FAILED),
    ("errors let time pass", [measured(ERROR), measured(age=91 * DAY)], FOUR_HOURS, {}, Reason.AGE),
    ("exactly as old as proof may be", [measured(age=MAX_AGE)], FOUR_HOURS, {}, Reason.CURRENT),
    ("older than proof may be", [measured(age=MAX_AGE + timedelta(seconds=1))], FOUR_HOURS, {}, Reason.AGE),
    ("too slow is worse than too old", [measured(age=100 * DAY, took=5 * HOUR)], FOUR_HOURS, {}, Reason.TOO_SLOW),
    ("a failure stays a failure with age", [measured(FAIL, age=100 * DAY)], FOUR_HOURS, {}, Reason.FAILED),
    ("one way back is no other", [measured(), measured(FAIL, age=9 * DAY, stream="b")], FOUR_HOURS, {}, Reason.FAILED),
    ("the worst way back decides", [measured(), measured(took=5 * HOUR, stream="b")], FOUR_HOURS, {}, Reason.TOO_SLOW),
    ("each way back ages alone", [measured(), measured(age=91 * DAY, stream="b")], FOUR_HOURS, {}, Reason.AGE),
    (
        "passed again in the same way",
        [measured(stream="b"), measured(FAIL, age=2 * DAY, stream="b"), measured(age=3 * DAY)],
        FOUR_HOURS,
        {},
        Reason.CURRENT,
    ),
    ("an error in one way teaches nothing", [measured(), measured(ERROR, stream="b")], FOUR_HOURS, {}, Reason.CURRENT),
    ("no target, nothing to prove", [measured()], Targets(), {}, Reason.NO_TARGET),
    ("a data target alone is not enough", [measured(lost=HOUR)], Targets(data_loss=DAY), {}, Reason.NO_TARGET),
    ("a failure needs no target", [measured(FAIL)], Targets(), {}, Reason.FAILED),
    ("data loss within its target", [measured(lost=DAY)], FOUR_HOURS_ONE_DAY, {}, Reason.CURRENT),
    ("more data lost than allowed", [measured(lost=2 * DAY)], FOUR_HOURS_ONE_DAY, {}, Reason.TOO_MUCH_LOST),
    ("data loss that nobody measured", [measured(lost=None)], FOUR_HOURS_ONE_DAY, {}, Reason.LOSS_UNKNOWN),
    ("unknown loss, where none is promised", [measured(lost=None)], FOUR_HOURS, {}, Reason.CURRENT),
    ("too slow comes before data loss", [measured(took=5 * HOUR)], FOUR_HOURS_ONE_DAY, {}, Reason.TOO_SLOW),
    (
        "on what it still stands on",
        [measured(basis={"system": "a"})],
        FOUR_HOURS,
        stands_on(system="a"),
        Reason.CURRENT,
    ),
    ("the system changed", [measured(basis={"system": "a"})], FOUR_HOURS, stands_on(system="b"), Reason.CHANGED),
    ("a plan came since", [measured(basis={})], FOUR_HOURS, stands_on(plan="a"), Reason.CHANGED),
    ("a plan went since", [measured(basis={"plan": "a"})], FOUR_HOURS, {}, Reason.CHANGED),
    (
        "age is said before change",
        [measured(age=91 * DAY, basis={"system": "a"})],
        FOUR_HOURS,
        stands_on(system="b"),
        Reason.AGE,
    ),
]


@pytest.mark.parametrize(
    ("measurements", "targets", "basis", "reason"),
    [example[1:] for example in EXAMPLES],
    ids=[example[0] for example in EXAMPLES],
)
def test_the_proof_of_one_subject(measurements, targets, basis, reason):
    verdict = judge(measurements=measurements, targets=targets, basis=basis, now=NOW, max_age=MAX_AGE)
    assert verdict.reason == reason
    assert verdict.proof == PROOF_OF[reason]
    assert verdict.detail


def test_every_reason_has_its_proof():
    assert set(PROOF_OF) == set(Reason)
    assert [reason for reason, proof in PROOF_OF.items() if proof == Proof.PROVEN] == [Reason.CURRENT]


def test_what_was_measured_is_shown_even_where_it_proves_nothing():
    slow = measured(took=9 * HOUR)
    assert judge(measurements=[slow], targets=Targets(), basis={}, now=NOW, max_age=MAX_AGE).measurement is slow


def test_a_change_names_what_changed():
    verdict = judge(
        measurements=[measured(basis={"system": "a", "plan": "a", "backup_method": "a"})],
        targets=FOUR_HOURS,
        basis=stands_on(system="b", plan="a", backup_method="b"),
        now=NOW,
        max_age=MAX_AGE,
    )
    assert verdict.changed == ("backup_method", "system")
    assert verdict.detail == "Changed since it was measured: the backup method, the system itself."


@pytest.mark.parametrize(
    ("measurement", "targets", "sentence"),
    [
        (measured(FAIL), FOUR_HOURS, "Restore test RT-0007 failed."),
        (measured(took=5 * HOUR), FOUR_HOURS, "Recovery took 5 h; 4 h are allowed."),
        (measured(lost=30 * HOUR), FOUR_HOURS_ONE_DAY, "30 h of data would be lost; 24 h are allowed."),
        (measured(age=91 * DAY), FOUR_HOURS, "Measured 91 days ago."),
        (measured(took=HOUR), FOUR_HOURS, "Recovery took 1 h; 4 h are allowed."),
    ],
)
def test_the_reason_is_a_sentence_with_its_figures(measurement, targets, sentence):
    verdict = judge(measurements=[measurement], targets=targets, basis={}, now=NOW, max_age=MAX_AGE)
    assert verdict.detail.replace("\N{NO-BREAK SPACE}", " ") == sentence


def test_the_sentence_is_in_the_readers_language():
    verdict = judge(measurements=[measured(FAIL)], targets=FOUR_HOURS, basis={}, now=NOW, max_age=MAX_AGE)
    english = verdict.detail
    with translation.override("zh-hans"):
        assert str(Origin.RESTORE_TEST.label) in verdict.detail
    assert verdict.detail == english


SERVICE = Service(name="Payments", recovery_time_objective=4 * HOUR)


def verdict(reason, *, took=HOUR, name="Database"):
    return Verdict(reason, measured(took=took), FOUR_HOURS, System(name=name))


def test_a_service_is_as_bad_as_the_worst_of_its_systems():
    systems = [verdict(Reason.CURRENT), verdict(Reason.AGE), verdict(Reason.FAILED, name="Archive")]
    found = judge_service(service=SERVICE, own=verdict(Reason.CURRENT), systems=systems)
    assert (found.proof, found.reason, found.subject.name) == (Proof.UNPROVEN, Reason.FAILED, "Archive")


def test_a_services_own_drill_counts():
    found = judge_service(service=SERVICE, own=verdict(Reason.TOO_SLOW), systems=[verdict(Reason.CURRENT)])
    assert found.reason == Reason.TOO_SLOW


def test_a_service_with_a_drill_needs_no_system():
    assert judge_service(service=SERVICE, own=verdict(Reason.CURRENT), systems=[]).proof == Proof.PROVEN


def test_a_service_that_stands_on_nothing_known_is_unproven():
    found = judge_service(service=SERVICE, own=None, systems=[])
    assert (found.proof, found.reason) == (Proof.UNPROVEN, Reason.NOTHING_REQUIRED)
    assert found.detail


def test_a_proven_service_shows_the_slowest_of_its_systems():
    systems = [verdict(Reason.CURRENT), verdict(Reason.CURRENT, took=3 * HOUR, name="Archive")]
    assert judge_service(service=SERVICE, own=None, systems=systems).measurement.recovery_time == 3 * HOUR


def test_a_service_without_a_target_is_unproven_but_a_failure_is_said_first():
    untargeted = Service(name="Intranet")
    assert judge_service(service=untargeted, own=None, systems=[verdict(Reason.CURRENT)]).reason == Reason.NO_TARGET
    assert judge_service(service=untargeted, own=None, systems=[verdict(Reason.FAILED)]).reason == Reason.FAILED


def test_of_two_targets_each_part_counts_by_its_stricter():
    strict = Targets(2 * HOUR, None).stricter(Targets(4 * HOUR, DAY))
    assert strict == Targets(2 * HOUR, DAY)
    assert Targets(2 * HOUR, None).or_else(replace(strict, recovery_time=HOUR)) == Targets(2 * HOUR, DAY)
