"""Database and files of one system in one policy: saved as one, restored as one, measured as one."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from backups.choices import Engine, Outcome
from backups.models import BackupPolicy, Copy, PolicySource, canonical_manifest
from backups.services.asserting import Answers
from backups.services.engines.folder import avoided_for, path_of
from catalog.models import RecoveryMeasurement
from tests.backups.conftest import carried_out, source
from tests.backups.folders import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    return fill(tmp_path / "app")


@pytest.fixture
def both(
    make_policy: Callable[..., BackupPolicy], make_database: Callable[[str], str], app: Path
) -> Callable[..., BackupPolicy]:
    def make(*more: dict[str, Any], **columns: Any) -> BackupPolicy:
        password = settings.DATABASES["default"]["PASSWORD"]
        sources = [
            {"name": "orders", "settings": source(make_database("orders")), "password": password},
            {"name": "invoices", "engine": "folder", "settings": {"path": str(app)}},
            *more,
        ]
        return make_policy(database="unused", source=None, password=None, sources=sources, **columns)

    return make


def told(run: Any) -> list[tuple[str, str]]:
    return [(step.name, step.source) for step in run.steps.order_by("position")]


def test_one_run_saves_all_and_one_restore_test_proves_all(both: Callable[..., BackupPolicy]):
    policy = both(
        assertions=[
            {"label": "customers", "query": "SELECT count(*) FROM customers", "compare": "=", "value": 500},
            {"label": "invoices", "path": "*.pdf", "ask": "count", "compare": "=", "value": 1, "source": "invoices"},
        ]
    )
    backup = carried_out(policy, "backup")
    assert (backup.outcome, backup.reason) == (Outcome.PASS, "")
    assert told(backup) == [
        ("repository", ""),
        ("connect", "orders"), ("canary", "orders"), ("dump", "orders"),
        ("connect", "invoices"), ("canary", "invoices"), ("files", "invoices"),
        ("store", ""), ("prune", ""),
    ]  # fmt: skip
    files = [file["name"] for file in backup.copy.manifest["files"]]
    assert files == ["orders.dump", "invoices.tar.zst", "invoices.list"]
    check = carried_out(policy, "check")
    assert (check.outcome, check.level) == (Outcome.PASS, 3)
    assert told(check)[-2:] == [("structure", "orders"), ("archive", "invoices")]
    test = carried_out(policy, "restore_test")
    assert (test.outcome, test.reason, test.level) == (Outcome.PASS, "", 5)
    assert {(asked.source, asked.label_code) for asked in test.assertions.all()} == {
        ("orders", "canary"), ("orders", "rows"), ("orders", "declared"),
        ("invoices", "canary_file"), ("invoices", "entries"), ("invoices", "complete"), ("invoices", "declared"),
    }  # fmt: skip
    spent = sum((step.duration for step in test.steps.exclude(phase="")), timedelta(0))
    assert test.recovery_time == pytest.approx(spent, abs=timedelta(milliseconds=1))
    assert test.bytes > backup.copy.manifest["parts"][1]["content_bytes"]
    assert timedelta(0) < test.data_loss
    assert RecoveryMeasurement.objects.get().recovery_time == test.recovery_time


def test_two_databases_are_restored_beside_each_other(both: Callable[..., BackupPolicy], make_database):
    password = settings.DATABASES["default"]["PASSWORD"]
    more = {"name": "billing", "settings": source(make_database("billing")), "password": password}
    policy = both(more)
    carried_out(policy, "backup")
    run = carried_out(policy, "restore_test")
    assert (run.outcome, run.reason) == (Outcome.PASS, "")
    assert set(run.assertions.filter(label_code="rows").values_list("source", flat=True)) == {"orders", "billing"}


def test_one_that_cannot_be_saved_means_no_copy_and_is_named(both: Callable[..., BackupPolicy], app: Path):
    policy = both()
    shutil.rmtree(app)
    run = carried_out(policy, "backup")
    assert (run.outcome, run.reason_code) == (Outcome.ERROR, "folder_missing")
    assert (run.failed_step, run.failed_source) == ("connect", "invoices")
    assert not Copy.objects.exists()
    assert list(Path(policy.repository.location).glob("shop/*")) == []


def test_one_that_is_not_well_formed_means_the_whole_is_not(both: Callable[..., BackupPolicy]):
    policy = both()
    copy = carried_out(policy, "backup").copy
    copy.manifest["parts"][1]["entries"] -= 1  # as if the list held more than was saved
    Copy.objects.filter(pk=copy.pk).update(manifest=copy.manifest)
    listed = Path(copy.repository.location) / copy.name / "manifest.json"
    listed.write_bytes(canonical_manifest(copy.manifest))
    check = carried_out(policy, "check")
    assert (check.outcome, check.failed_level, check.failed_source) == (Outcome.FAIL, 3, "invoices")
    assert check.level == 2
    test = carried_out(policy, "restore_test")
    assert (test.outcome, test.failed_step, test.failed_source) == (Outcome.FAIL, "restore_files", "invoices")
    assert test.level == 2


@pytest.mark.parametrize(
    ("losses", "whole"),
    [([60, 300], 300), ([300, 60], 300), ([60], 60), ([60, None], None), ([None, 300], None), ([], None)],
)
def test_the_loss_of_the_whole_is_the_longest_and_unknown_where_one_is(losses: list[int | None], whole: int | None):
    told = [None if seconds is None else timedelta(seconds=seconds) for seconds in losses]
    assert Answers(losses=told).data_loss == (None if whole is None else timedelta(seconds=whole))


def test_holdfasts_own_files_are_the_stored_ones_and_never_the_keys():
    own_source = PolicySource(name="files", engine=Engine.FOLDER, settings={"own": True})
    assert path_of(own_source) == Path(settings.DATA_DIR) / "files"
    assert not avoided_for(own_source).refuses(path_of(own_source))
