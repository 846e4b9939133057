"""What pages read: as many queries for one policy as for many, and nothing claimed that is not known."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from backups import selectors
from backups.choices import Outcome, RunKind
from backups.models import BackupPolicy, Repository, Run
from people.choices import Role
from tests.backups import rows
from tests.catalog.factories import SiteFactory, SystemFactory
from tests.support.people import person

pytestmark = pytest.mark.django_db

QUERIES_OF_THE_MATRIX = 11


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
