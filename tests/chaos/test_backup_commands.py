"""The commands that other programs call: one JSON object, and an exit code that says it all."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backups import services
from backups.models import BackupPolicy
from tests.backups.conftest import carried_out

pytestmark = pytest.mark.django_db(transaction=True)

PROMISED = {"outcome", "steps", "recovery_seconds", "data_loss_seconds"}
PROMISED_OF_A_STEP = {"name", "outcome", "seconds", "tool", "version", "exit_code", "tail"}


def run(command: str, *arguments: str, **options: Any) -> tuple[int, str]:
    """Exit code and standard output."""
    output, errors = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(command, *arguments, stdout=output, stderr=errors, **options)
    return int(ended.value.code or 0), output.getvalue() + errors.getvalue()


def as_json(command: str, *arguments: str, **options: Any) -> tuple[int, dict[str, Any]]:
    code, output = run(command, *arguments, json=True, **options)
    assert output.count("\n") == 1
    return code, json.loads(output)


def test_a_backup_a_check_and_a_restore_test_say_what_was_promised(policy: BackupPolicy):
    for command in ("run_backup", "check_backup", "test_restore"):
        code, told = as_json(command, policy.slug)
        assert (code, told["outcome"]) == (0, "pass")
        assert told.keys() >= PROMISED
        assert all(step.keys() >= PROMISED_OF_A_STEP for step in told["steps"])
    restore = next(step for step in told["steps"] if step["name"] == "restore")
    assert (restore["tool"], restore["exit_code"]) == ("pg_restore", 0)
    by_name = {step["name"]: step for step in told["steps"]}
    for name, tool in (("cluster", "postgres"), ("assert", "psql")):
        assert (by_name[name]["tool"], by_name[name]["exit_code"]) == (tool, 0)
        assert by_name[name]["version"]
    assert by_name["sandbox"]["tool"] == told["isolation"]
    assert by_name["sandbox"]["version"]
    assert by_name["verify"]["tool"] == "sha256"
    assert told["recovery_seconds"] > 0
    assert told["data_loss_seconds"] >= 0


def test_a_failure_is_1(policy: BackupPolicy):
    copy = carried_out(policy, "backup").copy
    (Path(copy.repository.location) / copy.name / "database.dump").unlink()
    code, told = as_json("check_backup", policy.slug)
    assert (code, told["outcome"], told["failed_step"], told["failed_level"]) == (1, "fail", "present", 0)


def test_what_could_not_be_carried_out_is_2(policy: BackupPolicy):
    location = Path(policy.repository.location)
    carried_out(policy, "backup")
    location.rename(location.with_name("elsewhere"))
    code, told = as_json("run_backup", policy.slug)
    assert (code, told["outcome"], told["code"]) == (2, "error", "repository_unreachable")
    assert told["recovery_seconds"] is None


def test_a_warning_is_0(policy: BackupPolicy, make_policy: Callable[..., BackupPolicy]):
    copy = carried_out(policy, "backup").copy
    type(copy).objects.create(
        policy=policy, repository=copy.repository, name="shop/earlier", bytes=copy.bytes * 10,
        taken_at=copy.taken_at.replace(year=2020), manifest={"files": []},
    )  # fmt: skip
    code, told = as_json("check_backup", policy.slug, level=1)
    assert (code, told["outcome"]) == (0, "warn")
    assert [step["name"] for step in told["steps"]] == ["present", "size"]


@pytest.mark.parametrize("command", ["run_backup", "check_backup", "test_restore"])
@pytest.mark.parametrize("name", ["nothing", "-rf", "$(id)", "a\nb", "'", ""])
def test_an_unknown_policy_is_one_sentence_and_2(db: None, command: str, name: str):
    assert run(command, "--", name) == (2, f"There is no backup policy “{name}”.\n")
    code, told = run(command, "--", name, json=True)
    assert code == 2
    assert json.loads(told.splitlines()[0])["outcome"] == "error"


def test_in_words_the_steps_and_the_measured_time_are_told(policy: BackupPolicy):
    carried_out(policy, "backup")
    code, told = run("test_restore", policy.slug)
    assert code == 0
    assert "Database restored" in told
    assert "Recovery took" in told


def test_the_newest_copy_is_shown(policy: BackupPolicy):
    with pytest.raises(CommandError, match="There is no copy yet"):
        call_command("show_copy", policy.slug)
    copy = carried_out(policy, "backup").copy
    output = StringIO()
    call_command("show_copy", policy.slug, file="database.dump", stdout=output)
    assert Path(output.getvalue().strip()) == Path(copy.repository.location) / copy.name / "database.dump"
    with pytest.raises(CommandError, match="has no file"):
        call_command("show_copy", policy.slug, file="../../secrets")


def test_a_run_that_is_already_queued_is_carried_out_and_not_made_twice(policy: BackupPolicy):
    queued = services.request_run(policy_id=policy.pk, kind="backup")
    _code, told = as_json("run_backup", policy.slug)
    assert told["run"] == queued.reference


@pytest.mark.parametrize("command", ["check_backup", "test_restore"])
def test_a_first_backup_that_no_worker_takes_up_is_carried_out_before_what_waits_for_it(
    policy: BackupPolicy, command: str
):
    first = services.request_run(policy_id=policy.pk, kind="backup", in_foreground=True)
    code, told = as_json(command, policy.slug)
    assert (code, told["outcome"]) == (0, "pass")
    first.refresh_from_db()
    assert first.copy is not None
    assert told["copy"] == first.copy.name
