"""Served to others: TLS through a proxy, addresses as the proxy saw them, nothing left open by the settings."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.test import Client

from config.environment import is_loopback, trusted_proxies
from ledger.models import Entry
from people.choices import Role
from tests.people.test_sign_in import sign_in
from tests.support.people import PASSWORD, person

ASKED = """
import django, json; django.setup()
from django.conf import settings as s
print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.TWO_FACTOR_REQUIRED]))
"""


def in_production(*command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "BASE_URL": "https://holdfast.example.org",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.run(
        [sys.executable, *command],
        check=False,
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_djangos_own_deployment_checks_find_nothing():
    found = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert found.returncode == 0, found.stderr


def test_https_makes_cookies_secure_and_asks_administrators_for_a_second_factor():
    found = in_production("-c", ASKED)

    assert json.loads(found.stdout.splitlines()[-1]) == [True, True, True, True], found.stderr


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://127.1.2.3", True),
        ("https://holdfast.example.org", False),
        ("http://192.168.1.5:8000", False),
        ("http://localhost.example.org", False),
        ("http://0.0.0.0:8000", False),
    ],
)
def test_only_the_loopback_goes_without_second_factors(address, is_ours):
    assert is_loopback(address) is is_ours


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("base", "sender", "forwarded", "kept"),
    [
        ("https://house.example", "127.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("https://house.example", "198.51.100.4", "6.6.6.6", "198.51.100.4"),
        ("http://localhost", "127.0.0.1", "6.6.6.6", "127.0.0.1"),
    ],
)
def test_the_ledger_keeps_the_address_that_our_own_proxy_saw(settings, base, sender, forwarded, kept):
    settings.TRUSTED_PROXIES = trusted_proxies(base)
    ana = person(Role.REPORTER, username="ana", password=PASSWORD)

    sign_in(Client(REMOTE_ADDR=sender, headers={"X-Forwarded-For": forwarded}), "ana")

    assert Entry.objects.get(subject_id=str(ana.pk), verb="person.signed_in").address == kept


@pytest.mark.django_db
def test_a_new_password_ends_the_sessions_elsewhere_and_is_in_the_ledger():
    ana = person(Role.REPORTER, username="ana", password=PASSWORD)
    here, elsewhere = Client(), Client()
    sign_in(here, "ana")
    sign_in(elsewhere, "ana")

    new = "another-Good-one-8"
    answer = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert answer.status_code == 302
    assert here.get("/messages/").status_code == 200
    assert elsewhere.get("/messages/").status_code == 302
    assert Entry.objects.filter(subject_id=str(ana.pk), verb="person.password_changed").count() == 1
