"""The main job: what was saved is restored, asked and measured."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from backups.choices import Outcome
from backups.models import BackupPolicy
from catalog.models import RecoveryMeasurement
from ledger.models import Entry
from tests.backups.conftest import carried_out, steps

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_backup_ends_as_a_copy_with_a_list_of_its_contents(policy: BackupPolicy):
    run = carried_out(policy, "backup")
    assert (run.outcome, run.reason) == (Outcome.PASS, "")
    assert [name for name, _ in steps(run)] == ["repository", "connect", "canary", "dump", "store", "prune"]
    folder = Path(policy.repository.location) / run.copy.name
    assert sorted(path.name for path in folder.iterdir()) == ["database.dump", "manifest.json"]
    assert json.loads((folder / "manifest.json").read_text()) == run.copy.manifest
    assert run.copy.manifest["parts"][0]["rows"]["public.customers"] == 500
    assert run.copy.bytes == (folder / "database.dump").stat().st_size
    assert not list((Path(policy.repository.location) / ".partial").iterdir())


def test_a_check_climbs_to_the_engines_own_verdict(policy: BackupPolicy):
    carried_out(policy, "backup")
    run = carried_out(policy, "check")
    assert (run.outcome, run.reason, run.level) == (Outcome.PASS, "", 3)
    assert [name for name, _ in steps(run)] == ["present", "size", "digest", "structure"]


def test_a_restore_test_measures_recovery_and_loss(policy: BackupPolicy):
    carried_out(policy, "backup")
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.reason, run.level) == (Outcome.PASS, "", 5)
    assert steps(run) == [
        (name, "pass") for name in ("sandbox", "fetch", "verify", "cluster", "restore", "assert", "destroy")
    ]
    measured = RecoveryMeasurement.objects.get(system=policy.system)
    assert measured.outcome == "pass"
    assert timedelta(0) < measured.recovery_time < timedelta(seconds=60)
    assert timedelta(0) <= measured.data_loss < timedelta(minutes=5)
    assert measured.reference == run.reference
    assert measured.url == run.get_absolute_url()
    assert measured.stream == policy.stream


def test_the_restored_data_is_asked_for_its_canary_and_its_rows(policy: BackupPolicy):
    carried_out(policy, "backup")
    run = carried_out(policy, "restore_test")
    assert [(a.label_code, a.outcome) for a in run.assertions.order_by("position")] == [
        ("canary", "pass"),
        ("rows", "pass"),
    ]


def test_the_ledger_tells_the_story(policy: BackupPolicy):
    carried_out(policy, "backup")
    verbs = list(Entry.objects.order_by("id").values_list("verb", flat=True))
    for verb in ("backup_policy.created", "backup.requested", "copy.stored", "backup.ended"):
        assert verb in verbs
