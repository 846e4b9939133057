"""What failed counts until a later run covers it: as far, and of a copy at least as new."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backups.choices import Outcome, RunKind
from backups.models import BackupPolicy, Run
from backups.selectors import stands, with_later
from people.choices import Role
from tests.backups import rows
from tests.support.people import person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
CHANGED = {"level": 1, "failed_level": 2, "failed_step": "digest", "reason_code": "digest_differs"}
TOO_OLD = {"level": None, "failed_level": 0, "failed_step": "present", "reason_code": "copy_too_old"}


def failed_check(plan: BackupPolicy, **found) -> Run:
    """A check that failed an hour ago, of a copy from before it."""
    copy = rows.copy_of(plan, taken_at=timezone.now() - 2 * HOUR)
    at = timezone.now() - HOUR
    return rows.ended(plan, RunKind.CHECK, Outcome.FAIL, copy=copy, ended_at=at, started_at=at, **(found or CHANGED))


def still(run: Run) -> bool:
    return stands(with_later(Run.objects.filter(pk=run.pk)).get())


def test_a_later_restore_test_of_a_newer_copy_covers_a_failed_check():
    failed = failed_check(rows.policy("shop"))
    assert still(failed)
    rows.ended(failed.policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=rows.copy_of(failed.policy), level=5)
    assert not still(failed)


def test_a_newer_backup_alone_covers_no_failed_check():
    failed = failed_check(rows.policy("shop"))
    rows.ended(failed.policy, RunKind.BACKUP, Outcome.PASS, copy=rows.copy_of(failed.policy))
    assert still(failed)


def test_a_check_that_climbs_less_far_covers_nothing():
    failed = failed_check(rows.policy("shop"))
    rows.ended(failed.policy, RunKind.CHECK, Outcome.PASS, copy=rows.copy_of(failed.policy), level=1, wanted_level=1)
    assert still(failed)


def test_a_test_of_an_older_copy_covers_nothing():
    failed = failed_check(rows.policy("shop"))
    older = rows.copy_of(failed.policy, taken_at=timezone.now() - 5 * HOUR)
    rows.ended(failed.policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=older, level=5)
    assert still(failed)


def test_that_the_copy_is_too_old_is_answered_by_a_newer_one_alone():
    failed = failed_check(rows.policy("shop"), **TOO_OLD)
    rows.ended(failed.policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=failed.copy, level=5)
    assert still(failed)
    rows.ended(failed.policy, RunKind.CHECK, Outcome.PASS, copy=rows.copy_of(failed.policy), level=3)
    assert not still(failed)


def test_no_check_answers_a_failed_restore_test():
    plan, at = rows.policy("shop"), timezone.now() - HOUR
    failed = rows.ended(plan, RunKind.RESTORE_TEST, Outcome.ERROR, ended_at=at, started_at=at)
    rows.ended(plan, RunKind.CHECK, Outcome.PASS, copy=rows.copy_of(plan), level=3)
    assert still(failed)


def test_a_failed_backup_is_answered_by_a_copy_that_was_taken_since():
    plan, at = rows.policy("shop"), timezone.now() - 2 * HOUR
    failed = rows.ended(plan, RunKind.BACKUP, Outcome.FAIL, ended_at=at, started_at=at)
    rows.ended(plan, RunKind.CHECK, Outcome.PASS, copy=rows.copy_of(plan, taken_at=at - HOUR), level=3)
    assert still(failed)
    rows.ended(plan, RunKind.BACKUP, Outcome.PASS, copy=rows.copy_of(plan))
    assert not still(failed)


def test_the_zero_and_what_needs_attention_go_by_the_same_rule(client: Client):
    failed = failed_check(rows.policy("shop"))
    client.force_login(person(Role.AUDITOR))
    row = client.get("/backups/").context["rows"][0]
    assert (row.is_failing, row.rule[4].is_met) == (True, False)
    rows.ended(failed.policy, RunKind.RESTORE_TEST, Outcome.PASS, copy=rows.copy_of(failed.policy), level=5)
    row = client.get("/backups/").context["rows"][0]
    assert (row.is_failing, row.rule[4].is_met) == (False, True)
    assert "a later run of a copy as new passed" in str(row.rule[4].why)
