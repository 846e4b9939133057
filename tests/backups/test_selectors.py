"""What pages read: as many queries for one policy as for many, and nothing claimed that is not known."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from backups import selectors
from backups.choices import Outcome, RunKind
from backups.models import BackupPolicy, Repository, Run
from catalog.selectors import basis_of
from people.choices import Role
from tests.backups import rows
from tests.catalog.factories import MeasurementFactory, SiteFactory, SystemFactory
from tests.support.people import person

pytestmark = pytest.mark.django_db

QUERIES_OF_THE_MATRIX = 13


def proven(name: str) -> BackupPolicy:
    policy = rows.policy(name)
    copy = rows.copy_of(policy)
    for kind in RunKind:
        rows.ended(policy, kind, Outcome.PASS, copy=copy)
    return policy


@pytest.mark.parametrize("count", [1, 7])
def test_the_matrix_costs_the_same_however_many_policies_there_are(count: int, django_assert_num_queries: Any):
    for number in range(count):
        proven(f"shop{number}")
    reader = person(Role.AUDITOR)
    with django_assert_num_queries(QUERIES_OF_THE_MATRIX):
        found = selectors.matrix(reader)
        assert len([row.last_restore_test.reference for row in found]) == count


def test_reporters_see_no_policy_and_no_run():
    policy = proven("shop")
    reporter = person(Role.REPORTER)
    assert selectors.matrix(reporter) == []
    with pytest.raises(Run.DoesNotExist):
        selectors.run_page(reporter, policy.runs.get(kind=RunKind.BACKUP).reference)


def test_the_newest_of_each_kind_is_shown():
    policy = proven("shop")
    failed = rows.ended(policy, RunKind.CHECK, Outcome.FAIL, ended_at=timezone.now() + timedelta(seconds=1))
    [row] = selectors.matrix(person(Role.AUDITOR))
    assert row.last_check == failed
    assert row.last_backup.outcome == Outcome.PASS


def test_what_was_never_done_is_not_there():
    rows.policy("shop")
    [row] = selectors.matrix(person(Role.AUDITOR))
    assert (row.last_backup, row.last_check, row.last_restore_test, row.newest_copy) == (None, None, None, None)
    assert row.verdict.reason == "never"


def test_what_one_policy_of_a_system_proved_is_no_proof_of_the_other():
    tested = rows.policy("shop")
    rows.policy("shop-files", system=tested.system)
    measured = MeasurementFactory(system=tested.system, stream=tested.stream, basis=basis_of(tested.system))
    found = {row.policy.slug: row.verdict for row in selectors.matrix(person(Role.AUDITOR))}
    assert (found["shop"].reason, found["shop"].measurement) == ("current", measured)
    assert (found["shop-files"].reason, found["shop-files"].measurement) == ("never", None)
    assert found["shop-files"].target_rto == tested.system.recovery_time_objective


@pytest.mark.parametrize("reference", ["B-0", "RT-1", "X-1", "B-", "B-1 ", "", "B-\u0661"])
def test_a_reference_of_nothing_finds_nothing(reference: str):
    with pytest.raises(Run.DoesNotExist):
        selectors.by_reference(person(Role.AUDITOR), reference)


def digits(policy: BackupPolicy) -> list[bool | None]:
    [row] = selectors.matrix(person(Role.AUDITOR))
    return [digit.is_met for digit in row.rule]


def test_data_and_copy_on_one_host_are_one_medium_at_one_site():
    policy = rows.policy("shop", source={"host": "localhost", "database": "shop", "user": "backup"})
    rows.copy_of(policy)
    assert digits(policy) == [False, False, False, False, None]


def test_what_is_not_known_is_neither_met_nor_missed():
    policy = rows.policy("shop", source={"host": "db.example", "database": "shop", "user": "backup"})
    assert digits(policy) == [False, None, None, False, None]


def test_two_sites_that_are_known_count():
    here, there = SiteFactory(), SiteFactory()
    policy = rows.policy("shop", system=SystemFactory(site=here), source={"host": "db.example"})
    Repository.objects.update(site=there)
    assert digits(policy)[2] is True


def test_an_error_of_the_newest_test_is_no_zero():
    policy = proven("shop")
    assert digits(policy)[4] is True
    rows.ended(policy, RunKind.RESTORE_TEST, Outcome.ERROR, ended_at=timezone.now() + timedelta(seconds=1))
    assert digits(policy)[4] is False


def test_an_old_test_is_no_zero_any_more():
    policy = proven("shop")
    Run.objects.update(ended_at=timezone.now() - timedelta(days=91), started_at=timezone.now() - timedelta(days=92))
    assert digits(policy)[4] is None


def test_a_check_of_the_first_rung_alone_is_no_zero():
    policy = rows.policy("shop")
    copy = rows.copy_of(policy)
    rows.ended(policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=copy, level=5)
    rows.ended(policy, RunKind.CHECK, Outcome.PASS, copy=copy, level=0, wanted_level=0)
    assert digits(policy)[4] is None
    rows.ended(policy, RunKind.CHECK, Outcome.PASS, copy=copy, level=3)
    rows.ended(policy, RunKind.CHECK, Outcome.PASS, copy=copy, level=0, wanted_level=0)
    assert digits(policy)[4] is True
    rows.ended(policy, RunKind.CHECK, Outcome.FAIL, copy=copy, failed_level=0, wanted_level=0)
    assert digits(policy)[4] is False


@pytest.mark.parametrize(("role", "found"), [(Role.REVIEWER, ""), (Role.AUDITOR, "Ada Lovelace")])
def test_what_was_found_in_restored_data_is_not_for_reviewers(role: Role, found: str):
    run = rows.ended(rows.policy("shop"), RunKind.RESTORE_TEST, Outcome.PASS)
    rows.asserted(run, "Customer", found="Ada Lovelace")
    page = selectors.run_page(person(role), run.reference)
    assert [asked.found for asked in page.assertions] == [found]


@pytest.mark.parametrize(
    "columns",
    [{"level": 9}, {"failed_level": 9}, {"isolation": "magic"}],
)
def test_the_database_refuses_a_run_with_values_that_nobody_knows(columns: dict[str, Any]):
    policy = rows.policy("shop")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.ended(policy, RunKind.CHECK, Outcome.PASS, **columns)


@pytest.mark.parametrize("columns", [{"phase": "magic"}, {"level": 9}])
def test_the_database_refuses_a_step_with_values_that_nobody_knows(columns: dict[str, Any]):
    run = rows.ended(rows.policy("shop"), RunKind.CHECK, Outcome.PASS)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.step(run, "present", **columns)


def test_the_database_refuses_an_assertion_with_an_outcome_that_nobody_knows():
    run = rows.ended(rows.policy("shop"), RunKind.RESTORE_TEST, Outcome.PASS)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.asserted(run, "Customer", outcome="magic")
