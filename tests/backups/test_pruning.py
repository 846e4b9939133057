"""Old copies go only when they are certainly not needed any more."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from backups import services
from backups.choices import CopyState, Outcome, RunKind, RunState
from backups.models import BackupPolicy, Copy, Run
from backups.services.copies import surplus
from tests.backups import rows
from tests.backups.conftest import carried_out


def copies(policy: BackupPolicy, count: int) -> list[Copy]:
    """The oldest first."""
    now = timezone.now()
    return [rows.copy_of(policy, taken_at=now - timedelta(days=count - number)) for number in range(count)]


@pytest.fixture
def kept_two(db: None) -> BackupPolicy:
    return rows.policy("shop", keep_copies=2)


def test_only_copies_beyond_the_number_go_the_oldest_first(kept_two: BackupPolicy):
    made = copies(kept_two, 5)
    assert surplus(kept_two) == made[:3]


def test_the_newest_copy_that_a_restore_proved_stays(kept_two: BackupPolicy):
    made = copies(kept_two, 5)
    rows.ended(kept_two, RunKind.RESTORE_TEST, Outcome.PASS, copy=made[0])
    rows.ended(kept_two, RunKind.RESTORE_TEST, Outcome.PASS, copy=made[1])
    rows.ended(kept_two, RunKind.RESTORE_TEST, Outcome.FAIL, copy=made[2])
    assert surplus(kept_two) == [made[0], made[2]]


def test_a_copy_in_use_stays(kept_two: BackupPolicy):
    made = copies(kept_two, 4)
    Run.objects.create(policy=kept_two, kind=RunKind.CHECK, copy=made[0], state=RunState.QUEUED)
    assert surplus(kept_two) == [made[1]]


def test_copies_of_others_are_no_surplus(kept_two: BackupPolicy):
    copies(rows.policy("mail"), 5)
    assert surplus(kept_two) == []


@pytest.mark.django_db(transaction=True)
def test_a_backup_removes_what_is_beyond_the_number(policy: BackupPolicy):
    services.change_policy(policy_id=policy.pk, by="system:tests", version=None, keep_copies=1)
    first, second = (carried_out(policy, "backup").copy for _time in range(2))
    first.refresh_from_db()
    assert (first.state, second.state) == (CopyState.REMOVED, CopyState.KEPT)
    location = Path(policy.repository.location)
    assert not (location / first.name).exists()
    assert (location / second.name).exists()


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_fails_removes_nothing(policy: BackupPolicy):
    services.change_policy(policy_id=policy.pk, by="system:tests", version=None, keep_copies=1)
    first = carried_out(policy, "backup").copy
    services.set_source_secret(policy_id=policy.pk, by="system:tests", password="wrong")
    assert carried_out(policy, "backup").outcome == Outcome.ERROR
    assert (Path(policy.repository.location) / first.name).exists()
