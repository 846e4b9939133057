"""What restored data must show: declared by the policy, asked of the data, and never believed unasked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backups import services
from backups.adapters.postgres import survey
from backups.adapters.postgres.cluster import Cluster
from backups.choices import Outcome
from backups.models import BackupPolicy
from backups.services.engines import postgresql
from backups.services.holding import holds
from catalog.choices import Reason
from catalog.models import RecoveryMeasurement
from catalog.selectors import proof_of_system
from tests.backups.conftest import carried_out, run_sql
from tests.catalog.factories import SystemFactory

NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("compare", "value", "found", "expected"),
    [
        ("=", 5, "5", True),
        ("=", 5, "5.0", True),
        ("=", "open", "open", True),
        ("=", "open", "Open", False),
        ("=", 5, "6", False),
        ("=", "5", "NaN", False),
        (">=", 5, "5", True),
        (">=", 5, "4.99", False),
        (">=", 5, "many", False),
        ("<=", 5, "5", True),
        ("<=", 5, "6", False),
        ("between", [1, 3], "1", True),
        ("between", [1, 3], "3", True),
        ("between", [1, 3], "4", False),
        ("between", [1, 3], "", False),
        ("younger_than", 3600, "2026-03-28 11:30:00+00", True),
        ("younger_than", 3600, "2026-03-28 13:30:00+02", True),
        ("younger_than", 3600, "2026-03-28 11:30:00", True),
        ("younger_than", 3600, "2026-03-28 10:59:59+00", False),
        ("younger_than", 3600, "yesterday", False),
        ("younger_than", 3600, "2026-03-28 12:04:00+00", True),
        ("younger_than", 3600, "2026-03-28 12:06:00+00", False),
        ("younger_than", 3600, "2999-01-01 00:00:00+00", False),
        ("younger_than", "1e300", "2026-03-28 11:30:00+00", True),
        ("=", 5, None, False),
        (">=", 0, None, False),
        ("younger_than", 3600, None, False),
    ],
)
def test_what_was_found_holds_or_does_not(compare: str, value: Any, found: str | None, expected: bool):
    assert holds(compare, value, found, at=NOW) is expected


def declared(query: str, compare: str = "=", value: Any = 1) -> dict[str, Any]:
    return {"label": "Customers", "query": query, "compare": compare, "value": value}


@pytest.mark.django_db(transaction=True)
def test_what_the_policy_declares_is_asked(make_policy: Callable[..., BackupPolicy]):
    policy = make_policy(
        assertions=[
            declared("SELECT count(*) FROM customers", "between", [400, 600]),
            declared("SELECT max(seen_at) FROM customers", "younger_than", 3600),
        ]
    )
    carried_out(policy, "backup")
    run = carried_out(policy, "restore_test")
    assert [assertion.outcome for assertion in run.assertions.order_by("position")] == ["pass"] * 4
    assert run.assertions.get(position=3).label == "Customers"


#: None of them answers 499.
NOT_HOLDING = [
    "SELECT count(*) FROM customers",
    "SELECT count(*) FROM nowhere",
    "SELECT 1; DROP TABLE customers",
    "this is no query",
    "SELECT NULL",
    "\\! id",
    "SELECT 1 WHERE false",
    "COMMIT; DROP TABLE orders; BEGIN",
]


@pytest.mark.django_db(transaction=True)
def test_what_does_not_hold_fails_and_is_told(make_policy: Callable[..., BackupPolicy]):
    policy = make_policy(assertions=[declared(query, value=499) for query in NOT_HOLDING])
    carried_out(policy, "backup")
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.failed_step, run.failed_level) == (Outcome.FAIL, "assert", 5)
    assert "8 of 10 assertions" in run.reason
    assert list(run.assertions.order_by("position").values_list("outcome", flat=True)) == ["pass"] * 2 + ["fail"] * 8
    assert RecoveryMeasurement.objects.get().outcome == "fail"
    assert proof_of_system(policy.system).reason == Reason.FAILED


@pytest.mark.django_db(transaction=True)
def test_a_source_that_takes_no_canary_is_saved_with_a_warning_and_its_loss_stays_unknown(
    make_policy: Callable[..., BackupPolicy],
):
    system = SystemFactory(recovery_time_objective=timedelta(hours=4), recovery_point_objective=timedelta(hours=24))
    policy = make_policy(system=system)
    # A view of that name cannot be written to.
    run_sql(
        policy.sources.get().settings["database"], "CREATE VIEW public.holdfast_canary AS SELECT 1 AS id, now() AS at"
    )
    backup = carried_out(policy, "backup")
    assert backup.outcome == Outcome.WARN
    assert backup.steps.get(name="dump").note_code == "no_canary"
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.data_loss) == (Outcome.PASS, None)
    assert proof_of_system(system).reason == Reason.LOSS_UNKNOWN


@pytest.mark.django_db(transaction=True)
def test_restored_data_that_nothing_could_be_asked_of_proves_nothing(make_policy: Callable[..., BackupPolicy]):
    system = SystemFactory(recovery_time_objective=timedelta(hours=4))
    policy = make_policy(system=system)
    no_canary = "CREATE VIEW public.holdfast_canary AS SELECT 1 AS id, now() AS at"
    run_sql(policy.sources.get().settings["database"], "DROP TABLE orders, customers", no_canary)
    carried_out(policy, "backup")
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.reason_code, run.level) == (Outcome.ERROR, "nothing_asserted", 4)
    assert proof_of_system(system).reason == Reason.NEVER


@pytest.mark.django_db(transaction=True)
def test_another_way_of_saving_makes_proof_stale_until_it_is_tested(make_policy: Callable[..., BackupPolicy]):
    policy = make_policy(system=SystemFactory(recovery_time_objective=timedelta(hours=4)))
    carried_out(policy, "backup")
    carried_out(policy, "restore_test")
    assert proof_of_system(policy.system).reason == Reason.CURRENT
    asked = [declared("SELECT count(*) FROM customers", value=500)]
    services.change_policy(policy_id=policy.pk, by="system:tests", version=None, assertions=asked)
    assert proof_of_system(policy.system).reason == Reason.CHANGED
    carried_out(policy, "restore_test")
    assert proof_of_system(policy.system).reason == Reason.CURRENT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "code"), [("backup", "time_is_up"), ("restore_test", "time_is_up")])
def test_a_run_ends_when_its_time_is_over(policy: BackupPolicy, kind: str, code: str):
    carried_out(policy, "backup")
    short = timedelta(milliseconds=1 if kind == "backup" else 300)
    services.change_policy(policy_id=policy.pk, by="system:tests", version=None, wall_clock=short)
    run = carried_out(policy, kind)
    assert run.outcome == Outcome.ERROR
    assert run.reason_code in {code, "took_too_long"}
    assert not run.steps.filter(outcome="running").exists()


@pytest.mark.django_db(transaction=True)
def test_tables_that_nobody_counted_are_told_and_the_test_passes_with_a_warning(
    make_policy: Callable[..., BackupPolicy], monkeypatch: pytest.MonkeyPatch
):
    policy = make_policy()
    monkeypatch.setattr(survey, "MOST_TABLES", 1)
    [part] = carried_out(policy, "backup").copy.manifest["parts"]
    assert (len(part["rows"]), part["tables"]) == (1, 3)
    run = carried_out(policy, "restore_test")
    assert run.outcome == Outcome.WARN
    asked = run.assertions.get(label_code="rows_of_some")
    assert (asked.outcome, asked.label) == ("warn", "1 of 3 tables hold as many rows as when they were saved")
    step = run.steps.get(name="assert")
    assert step.outcome == "warn"
    assert "The rows of 2 tables were not counted" in step.note


@pytest.mark.django_db(transaction=True)
def test_a_question_that_takes_too_long_is_an_error_and_no_failure(
    make_policy: Callable[..., BackupPolicy], monkeypatch: pytest.MonkeyPatch
):
    policy = make_policy(assertions=[declared("SELECT pg_sleep(30)")])
    monkeypatch.setattr(postgresql, "DECLARED_SECONDS", 0.2)
    carried_out(policy, "backup")
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.failed_step, run.reason_code) == (Outcome.ERROR, "assert", "question_too_long")


@pytest.mark.django_db(transaction=True)
def test_a_server_that_dies_under_a_question_is_an_error_and_no_failure(
    make_policy: Callable[..., BackupPolicy], monkeypatch: pytest.MonkeyPatch
):
    policy = make_policy(assertions=[declared("SELECT count(*) FROM customers", value=500)])
    carried_out(policy, "backup")
    whole = postgresql.row_counts

    def count_and_kill(cluster: Cluster, wanted: Any) -> dict[str, int]:
        found = whole(cluster, wanted)
        assert cluster._child is not None
        cluster._child.end(grace=0.0)
        return found

    monkeypatch.setattr(postgresql, "row_counts", count_and_kill)
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.failed_step, run.reason_code) == (Outcome.ERROR, "assert", "tool_broke")


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_ends_the_run_and_its_open_step(
    policy: BackupPolicy, monkeypatch: pytest.MonkeyPatch
):
    carried_out(policy, "backup")
    # Longer than the column: the step itself cannot be ended.
    monkeypatch.setattr(Cluster, "version", property(lambda _cluster: "x" * 500))
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.reason_code, run.failed_step) == (Outcome.ERROR, "unexpected", "cluster")
    assert not run.steps.filter(outcome="running").exists()
