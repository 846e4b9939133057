"""The first steps of a new house, each for real: damage is found, opens an incident, and proof ends it."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from incidents.choices import State
from incidents.models import Incident
from notify.models import Message
from people.choices import Role
from readiness.services import begin
from tests.backups.conftest import carried_out
from tests.support.people import person


@pytest.fixture(autouse=True)
def fresh_data_folder() -> None:
    """What an earlier test left is not there."""
    shutil.rmtree(Path(settings.DATA_DIR) / "copies", ignore_errors=True)


@pytest.mark.django_db(transaction=True)
def test_the_tour_damage_check_incident_backup_restore_resolved():
    administrator = person(Role.ADMINISTRATOR)
    policy = begin()
    copy = carried_out(policy, "backup").copy
    carried_out(policy, "check")
    carried_out(policy, "restore_test")
    dump = Path(copy.repository.location) / copy.name / "database.dump"
    with dump.open("r+b") as file:  # as `dd … bs=1 seek=5000 conv=notrunc` does
        file.seek(5000)
        file.write(b"rust")

    failed = carried_out(policy, "check")
    assert (failed.outcome, failed.failed_level) == ("fail", 2)
    incident = Incident.objects.get()
    assert (incident.state, incident.cause_key) == (State.TRIAGE, policy.cause_key)
    assert Message.objects.filter(to=administrator).exists()

    carried_out(policy, "backup")
    incident.refresh_from_db()
    assert incident.is_live
    assert carried_out(policy, "restore_test").outcome == "pass"
    incident.refresh_from_db()
    assert incident.state == State.RESOLVED
    call_command("verify_ledger")


@pytest.mark.django_db(transaction=True)
def test_copies_of_an_earlier_database_stay_and_new_ones_join_them():
    folder = Path(settings.DATA_DIR) / "copies"
    (folder / "holdfast" / "20200101T000000Z-0001").mkdir(parents=True)
    (folder / ".holdfast-repository").write_text("6f8a2f0c-3d4b-4f56-9a53-0f3c1c7c1a11\n")
    assert carried_out(begin(), "backup").outcome == "pass"
    assert len(list((folder / "holdfast").iterdir())) == 2
