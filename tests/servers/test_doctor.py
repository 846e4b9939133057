"""`manage.py doctor`: a line for each part, an end in any case, and exit 1 only when something needed is broken."""

import io
import json
import os
import socket
import threading
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from backups import doctor as tools
from common import secrets, services
from common.doctor import Verdict, broken, examine, house, ok, rounds, storage, warn, work
from common.doctor import database as databases
from common.pulse import WORKERS, heartbeat_of
from ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def only(monkeypatch):
    """A round of these looks alone."""

    def set_to(**looks):
        autodiscover_modules("doctor")
        monkeypatch.setattr(rounds, "LOOKS", {part: [look] for part, look in looks.items()})

    return set_to


def verdicts(look):
    return {finding.verdict for finding in look()}


def told(*arguments):
    """Exit code and words of the command."""
    output = io.StringIO()
    try:
        call_command("doctor", *arguments, stdout=output)
    except SystemExit as ended:
        return ended.code, output.getvalue()
    return 0, output.getvalue()


def test_warnings_are_told_and_are_no_failure(only):
    only(disk=lambda: [ok("much room")], mail=lambda: [warn("none leaves", "Set EMAIL_URL.")])
    code, words = told()
    assert code == 0
    assert words.splitlines() == [
        "ok      disk       much room",
        "warn    mail       none leaves  ->  Set EMAIL_URL.",
    ]


def test_what_is_needed_and_broken_is_a_failure(only):
    only(disk=lambda: [broken("full", "Make room.")])
    code, words = told("--json")
    assert code == 1
    assert json.loads(words) == {
        "verdict": "broken",
        "findings": [{"verdict": "broken", "part": "disk", "found": "full", "advice": "Make room."}],
    }


def test_a_part_that_hangs_holds_nobody_up(only):
    never = threading.Event()
    only(hanging=lambda: never.wait(60) or [], disk=lambda: [ok("much room")])
    assert [(one.part, one.verdict) for one in examine(seconds=0.2)] == [("hanging", "broken"), ("disk", "ok")]
    never.set()


def test_a_look_that_breaks_is_a_finding_of_its_own(only):
    def breaks():
        raise ValueError("first line\nsecond")

    only(odd=breaks, disk=lambda: [ok("much room")])
    found = examine()
    assert found[0].found == "could not be examined: ValueError: first line"
    assert found[1].verdict == "ok"


def test_what_a_server_says_cannot_steer_the_terminal(only):
    only(mail=lambda: [warn("\x1b[2Jgone", "")])
    assert "\x1b" not in told()[1]


def test_the_servers_of_the_tests_are_well():
    assert verdicts(databases.database) == {Verdict.OK}
    assert Verdict.BROKEN not in verdicts(work.broker)


def test_a_clock_that_is_far_off_is_told(monkeypatch):
    now = timezone.now
    monkeypatch.setattr(databases.timezone, "now", lambda: now() + timedelta(seconds=90))
    assert "90 s from this host's" in databases._clock().found
    assert databases._clock().verdict == Verdict.BROKEN


def test_a_database_that_is_away_is_broken_and_says_what_to_do(monkeypatch):
    from django.db import OperationalError

    def away():
        raise OperationalError("connection refused\nmore")

    monkeypatch.setattr(databases.connection, "ensure_connection", away)
    [found] = databases.database()
    assert (found.verdict, found.found) == (Verdict.BROKEN, "does not let us in: connection refused")
    assert found.advice


def test_a_broker_that_is_away_is_broken(broker_is_away):
    assert verdicts(work.broker) == {Verdict.BROKEN}


def test_each_worker_is_told_by_its_queues():
    assert verdicts(work.workers) == {Verdict.BROKEN}
    services.tick()
    for worker in WORKERS:
        services.beat(heartbeat_of(worker), now=timezone.now())
    assert verdicts(work.workers) == {Verdict.OK}
    services.beat(heartbeat_of("verify"), now=timezone.now() - timedelta(minutes=5))
    [dead] = [finding for finding in work.workers() if finding.verdict == Verdict.BROKEN]
    assert dead.found == "verify (queues: verify) gave its last sign of life 300 s ago"


@pytest.fixture
def own_data(settings, tmp_path):
    settings.DATA_DIR, settings.SECRETS_KEYS = tmp_path, []
    return tmp_path


def test_keys_that_others_can_read_are_broken(own_data):
    secrets.add_key()
    secrets.seal("x")
    assert verdicts(storage.keys_of_secrets) == {Verdict.OK, Verdict.WARN}
    os.chmod(own_data / "keys" / "0001.key", 0o644)  # noqa: PTH101 - the same
    assert Verdict.BROKEN in verdicts(storage.keys_of_secrets)


def test_a_disk_that_is_nearly_full_is_told(own_data, monkeypatch):
    for free, verdict in [(2**40, Verdict.OK), (2**31, Verdict.WARN), (2**20, Verdict.BROKEN)]:
        usage = storage.shutil._ntuple_diskusage(2**41, 0, free)
        monkeypatch.setattr(storage.shutil, "disk_usage", lambda _folder, usage=usage: usage)
        assert verdicts(storage.storage) == {verdict}


def test_a_folder_that_is_not_there_is_broken(settings):
    settings.DATA_DIR = "/nowhere/at/all"
    assert verdicts(storage.storage) == {Verdict.BROKEN}


def test_it_asks_for_a_copy_of_the_keys_until_that_is_confirmed(own_data):
    secrets.add_key()
    [asked] = [finding for finding in storage.keys_of_secrets() if finding.verdict == Verdict.WARN]
    assert "doctor --keys-saved" in asked.advice
    [key_id] = secrets.key_ids()
    assert key_id in told("--keys-saved")[1]
    assert verdicts(storage.keys_of_secrets) == {Verdict.OK}
    assert "known already" in told("--keys-saved")[1]
    assert Entry.objects.filter(verb="secrets.key_saved_outside", subject_id=key_id).count() == 1
    secrets.add_key()
    assert Verdict.WARN in verdicts(storage.keys_of_secrets)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"BASE_URL": "http://localhost:8000", "TWO_FACTOR_REQUIRED": False}, {Verdict.OK}),
        ({"BASE_URL": "http://house.example", "TWO_FACTOR_REQUIRED": True}, {Verdict.WARN}),
        ({"BASE_URL": "http://localhost", "TWO_FACTOR_REQUIRED": False, "LISTEN": "::"}, {Verdict.WARN}),
        ({"DEBUG": True}, {Verdict.BROKEN, Verdict.OK}),
        ({"ALLOWED_HOSTS": ["*"]}, {Verdict.WARN, Verdict.OK}),
        ({"TRUSTED_PROXIES": [ip_network("0.0.0.0/0")]}, {Verdict.WARN, Verdict.OK}),
        ({"TRUSTED_PROXIES": [ip_network("127.0.0.0/8")]}, {Verdict.OK}),
    ],
)
def test_settings_that_do_not_fit_together_are_told(settings, changed, expected):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["localhost"]
    for name, value in changed.items():
        setattr(settings, name, value)
    assert verdicts(house.house) == expected


def test_no_mail_server_is_a_warning_and_a_dead_one_is_broken(settings):
    settings.EMAIL_CONFIGURED = False
    assert verdicts(house.channels) == {Verdict.WARN}
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_CONFIGURED, settings.EMAIL_HOST = True, "127.0.0.1"
        settings.EMAIL_PORT = nobody.getsockname()[1]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        assert verdicts(house.channels) == {Verdict.BROKEN}


def test_the_tools_of_this_host_are_found_and_the_optional_ones_break_nothing():
    assert verdicts(tools.programs) == {Verdict.OK}
    assert verdicts(tools.optional) == {Verdict.OK}
    assert Verdict.BROKEN not in verdicts(tools.sandbox)
