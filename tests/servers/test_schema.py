"""A release works on no database that a newer one has changed, and says so in one sentence."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from common.schema import fit

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_newer_release_was_here():
    recorder = MigrationRecorder(connection)
    recorder.record_applied("common", "9998_what_comes")
    recorder.record_applied("rooms_to_come", "0001_initial")


def test_a_database_of_this_release_fits():
    assert fit().sentence == ""


@pytest.mark.usefixtures("a_newer_release_was_here")
def test_a_newer_database_is_named_with_what_to_do():
    found = fit()
    assert found.is_newer
    assert found.unknown == ("common.9998_what_comes", "rooms_to_come.0001_initial")
    assert "install that release" in found.sentence
    assert "\n" not in found.sentence


def test_an_older_database_asks_for_its_migrations():
    MigrationRecorder(connection).record_unapplied("ledger", "0002_append_only")
    found = fit()
    assert not found.is_newer
    assert found.missing == ("ledger.0002_append_only",)
    assert "manage.py prepare" in found.sentence


@pytest.mark.usefixtures("a_newer_release_was_here")
def test_setting_up_refuses_a_newer_database_and_changes_nothing():
    with pytest.raises(CommandError, match="made by a newer release"):
        call_command("prepare")


@pytest.mark.usefixtures("a_newer_release_was_here")
@pytest.mark.parametrize("part", ["web", "worker", "beat"])
def test_no_part_begins_on_a_newer_database(settings, part):
    settings.OWN_DATABASE = settings.OWN_BROKER = False
    with pytest.raises(CommandError, match="made by a newer release"):
        call_command("part", part)


def test_a_single_part_needs_servers_of_the_house(settings):
    settings.OWN_DATABASE = settings.OWN_BROKER = True
    with pytest.raises(CommandError, match=r"manage\.py up"):
        call_command("part", "web")


def test_pages_are_not_served_before_their_files_are_there(settings, tmp_path):
    settings.OWN_DATABASE = settings.OWN_BROKER = False
    settings.STATIC_ROOT = tmp_path
    with pytest.raises(CommandError, match=r"run manage\.py prepare"):
        call_command("part", "web")


@pytest.mark.usefixtures("a_newer_release_was_here")
def test_whoever_asks_whether_it_is_ready_hears_it(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["schema"] == {"alive": False}
