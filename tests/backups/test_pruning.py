"""Old copies go only when they are certainly not needed any more."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from backups import services
from backups.adapters.local import Folder
from backups.adapters.place import Place
from backups.choices import CopyState, Level, Outcome, RunKind, RunState
from backups.models import BackupPolicy, Copy, Run
from backups.services.copies import prune, surplus
from people.choices import Role
from tests.backups import rows
from tests.backups.conftest import carried_out
from tests.catalog.factories import SiteFactory
from tests.support.people import person


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


GONE = {"level": None, "failed_level": Level.PRESENT, "failed_step": "present", "reason_code": "copy_missing"}
CHANGED = {"level": 1, "failed_level": Level.INTACT, "failed_step": "digest", "reason_code": "digest_differs"}
BROKEN = {"level": 2, "failed_level": Level.WELL_FORMED, "failed_step": "structure", "reason_code": "dump_damaged"}
UNRESTORED = {"level": 2, "failed_level": Level.RESTORED, "failed_step": "restore", "reason_code": "restore_failed"}


@pytest.mark.parametrize("found", [GONE, CHANGED, BROKEN, UNRESTORED])
def test_a_copy_known_to_be_bad_takes_no_place_of_an_intact_one(kept_two: BackupPolicy, found: dict[str, Any]):
    made = copies(kept_two, 4)
    kind = RunKind.RESTORE_TEST if found is UNRESTORED else RunKind.CHECK
    for bad in made[1:]:
        rows.ended(kept_two, kind, Outcome.FAIL, copy=bad, **found)
    assert surplus(kept_two) == []


def test_a_bad_copy_goes_when_enough_newer_ones_are_intact(kept_two: BackupPolicy):
    made = copies(kept_two, 4)
    rows.ended(kept_two, RunKind.CHECK, Outcome.FAIL, copy=made[2], **GONE)
    assert surplus(kept_two) == [made[0]]
    rows.ended(kept_two, RunKind.CHECK, Outcome.FAIL, copy=made[0], **GONE)
    assert surplus(kept_two) == [made[0]]


def test_a_copy_that_failed_after_it_was_proven_is_not_the_proven_one(kept_two: BackupPolicy):
    made = copies(kept_two, 5)
    for copy in made[:2]:
        rows.ended(kept_two, RunKind.RESTORE_TEST, Outcome.PASS, copy=copy, level=Level.ASSERTED)
    assert surplus(kept_two) == [made[0], made[2]]
    rows.ended(kept_two, RunKind.CHECK, Outcome.FAIL, copy=made[1], **CHANGED)
    assert surplus(kept_two) == [made[1], made[2]]


def test_a_check_that_climbs_less_far_takes_nothing_back(kept_two: BackupPolicy):
    made = copies(kept_two, 3)
    rows.ended(kept_two, RunKind.RESTORE_TEST, Outcome.FAIL, copy=made[2], **UNRESTORED)
    rows.ended(kept_two, RunKind.CHECK, Outcome.PASS, copy=made[2], level=Level.WELL_FORMED)
    assert surplus(kept_two) == []
    rows.ended(kept_two, RunKind.RESTORE_TEST, Outcome.PASS, copy=made[2], level=Level.ASSERTED)
    assert surplus(kept_two) == [made[0]]


@pytest.mark.parametrize(
    ("outcome", "facts"),
    [(Outcome.FAIL, {"failed_level": 0, "reason_code": "copy_too_old"}), (Outcome.ERROR, {"reason_code": "no_room"})],
)
def test_what_says_nothing_about_the_copy_makes_it_not_bad(kept_two: BackupPolicy, outcome: str, facts: dict[str, Any]):
    made = copies(kept_two, 3)
    rows.ended(kept_two, RunKind.CHECK, Outcome(outcome), copy=made[2], **facts)
    assert surplus(kept_two) == [made[0]]


def test_the_policy_page_says_what_is_known_of_each_copy(kept_two: BackupPolicy, client: Client):
    made = copies(kept_two, 3)
    rows.ended(kept_two, RunKind.CHECK, Outcome.FAIL, copy=made[2], **GONE)
    rows.ended(kept_two, RunKind.CHECK, Outcome.FAIL, copy=made[1], **CHANGED)
    rows.ended(kept_two, RunKind.CHECK, Outcome.PASS, copy=made[0], level=Level.WELL_FORMED)
    client.force_login(person(Role.AUDITOR))
    page = client.get(f"/backups/{kept_two.slug}/").content.decode()
    table = page.partition("<tbody")[2].partition("</tbody>")[0]
    newest, middle, oldest = table.split("</tr>")[:3]
    assert "Missing" in newest
    assert "Damaged" in middle
    assert "3 Well-formed" in oldest
    assert "Kept" in oldest


OTHER_CONTENT = {
    "level": 4,
    "failed_level": Level.ASSERTED,
    "failed_step": "assert",
    "reason_code": "assertions_failed",
}


def test_a_copy_that_restored_with_other_content_counts_as_a_copy(kept_two: BackupPolicy):
    made = copies(kept_two, 4)
    rows.ended(kept_two, RunKind.RESTORE_TEST, Outcome.PASS, copy=made[0], level=Level.ASSERTED)
    for copy in made[2:]:
        rows.ended(kept_two, RunKind.RESTORE_TEST, Outcome.FAIL, copy=copy, **OTHER_CONTENT)
    assert surplus(kept_two) == [made[1]]


def test_a_copy_that_restored_with_other_content_is_not_called_damaged(kept_two: BackupPolicy, client: Client):
    [copy] = copies(kept_two, 1)
    run = rows.ended(kept_two, RunKind.RESTORE_TEST, Outcome.FAIL, copy=copy, **OTHER_CONTENT)
    client.force_login(person(Role.AUDITOR))
    table = client.get(f"/backups/{kept_two.slug}/").content.decode().partition("<tbody")[2].partition("</tbody>")[0]
    assert "4 Restored" in table
    assert "Content not as asserted" in table
    assert run.reference in table
    assert "Damaged" not in table

    rows.ended(kept_two, RunKind.CHECK, Outcome.FAIL, copy=copy, **CHANGED)
    assert "Damaged" in client.get(f"/backups/{kept_two.slug}/").content.decode()


def test_a_place_that_is_called_like_its_site_is_named_once(kept_two: BackupPolicy, client: Client):
    kept_two.repository.site = SiteFactory(name=kept_two.repository.name)
    kept_two.repository.save(update_fields=["site"])
    client.force_login(person(Role.AUDITOR))
    assert "Copies, Copies" not in client.get(f"/backups/{kept_two.slug}/").content.decode()


def test_a_copy_in_use_stays(kept_two: BackupPolicy):
    made = copies(kept_two, 4)
    Run.objects.create(policy=kept_two, kind=RunKind.CHECK, copy=made[0], state=RunState.QUEUED)
    assert surplus(kept_two) == [made[1]]


def test_copies_of_others_are_no_surplus(kept_two: BackupPolicy):
    copies(rows.policy("mail"), 5)
    assert surplus(kept_two) == []


def test_files_are_deleted_when_the_row_is_free_again(kept_two: BackupPolicy, tmp_path: Path):
    class Watched(Folder):
        """Notes how deep in transactions files are deleted."""

        def discard(self, attempt: str) -> None:
            if (tmp_path / ".partial" / attempt).exists():
                depths.append(len(connection.savepoint_ids))
            super().discard(attempt)

    depths: list[int] = []
    made = copies(kept_two, 4)
    for copy in made:
        copy.name = copy.name.replace("-", "/", 1)
        copy.save()
        (tmp_path / copy.name).mkdir(parents=True)
    root = os.open(tmp_path, os.O_RDONLY)
    assert prune(kept_two, Watched(Place("1", "here", str(tmp_path)), root)) == (2, 0)
    os.close(root)
    assert depths == [len(connection.savepoint_ids)] * 2
    assert [(tmp_path / copy.name).exists() for copy in made] == [False, False, True, True]
    assert not list((tmp_path / ".partial").iterdir())


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
