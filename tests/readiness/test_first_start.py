"""The first start: Holdfast protects itself, and proves it; the demo's people can sign in."""

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from backups.choices import RunKind
from backups.models import Run
from catalog.selectors import readiness
from ledger.models import Entry
from people.choices import Role
from people.models import User
from readiness.services import begin, sign_ins
from runbooks.models import PlanText
from tests.backups.conftest import carried_out
from tests.support.people import person


def first_start() -> list[str]:
    output = StringIO()
    call_command("first_start", stdout=output)
    return output.getvalue().splitlines()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashes that are meant to be slow prove nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nobody_keeps_the_demos_server_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """No launcher runs here: there is nobody to wait for."""
    monkeypatch.setattr("readiness.demo.server.KEEPER_SECONDS", 0)


@pytest.fixture(autouse=True)
def fresh_data_folder() -> None:
    """What an earlier test left is not there."""
    (Path(settings.DATA_DIR) / "secrets" / "demo-sign-ins").unlink(missing_ok=True)
    shutil.rmtree(Path(settings.DATA_DIR) / "copies", ignore_errors=True)


@pytest.mark.django_db(transaction=True)
def test_an_empty_installation_shows_a_time_that_was_measured_here():
    policy = begin()
    for kind in (RunKind.BACKUP, RunKind.CHECK, RunKind.RESTORE_TEST):
        run = carried_out(policy, kind)
        assert (run.outcome, run.reason) == ("pass", "")
    [service] = readiness(person(Role.MANAGER))
    assert service.verdict.proof == "proven"
    assert service.verdict.measurement.recovery_time.total_seconds() > 0


@pytest.mark.django_db
def test_a_second_start_changes_nothing():
    first_start()
    before = (Entry.objects.count(), Run.objects.count(), User.objects.count())
    first_start()
    assert (Entry.objects.count(), Run.objects.count(), User.objects.count()) == before


@pytest.mark.django_db
def test_the_first_runs_are_queued_at_once_and_the_next_ones_scheduled():
    policy = begin()
    assert set(Run.objects.values_list("kind", "state")) == {(kind, "queued") for kind in RunKind.values}
    assert set(policy.schedules.values_list("kind", flat=True)) == set(RunKind.values)


@pytest.mark.django_db
def test_the_sample_plan_is_in_force_in_every_language():
    begin()
    texts = PlanText.objects.filter(version__state="published")
    assert set(texts.values_list("language", flat=True)) == {code for code, _name in settings.LANGUAGES}
    assert all(text.title and len(text.text) > 500 for text in texts)


@pytest.mark.django_db
def test_every_role_has_a_sign_in_that_works_and_is_printed_again():
    lines = first_start()
    assert [line for line in lines if not line.startswith("sign in: ")] == []
    assert {line.rpartition(" (")[2].rstrip(")") for line in lines} == set(Role.values)
    for line in lines:
        _sign, _in, name, password, role = line.split(" ", 4)
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.groups.get().name == role.strip("()")
    assert first_start() == lines


@pytest.mark.django_db
def test_passwords_are_kept_sealed_and_for_nobody_else():
    lines = first_start()
    kept = Path(settings.DATA_DIR) / "secrets" / "demo-sign-ins"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert all(line.split(" ")[3] not in kept.read_text() for line in lines)


@pytest.mark.django_db
def test_a_password_that_was_changed_is_not_printed_any_more():
    lines = first_start()
    user = User.objects.get(username="manager")
    user.set_password("something else entirely")
    user.save()
    assert len(first_start()) == len(lines) - 1


@pytest.mark.django_db
def test_no_demo_no_sign_ins():
    with override_settings(DEMO=False):
        assert sign_ins() == []
    assert not User.objects.exists()


@pytest.mark.django_db
def test_where_people_are_already_none_are_made():
    person(Role.ADMINISTRATOR)
    assert sign_ins() == []


@pytest.mark.django_db
def test_the_tour_in_chinese_names_things_in_chinese():
    with override_settings(LANGUAGE_CODE="zh-hans"):
        policy = begin()
    assert not policy.system.needed_by.get().service.name.isascii()
