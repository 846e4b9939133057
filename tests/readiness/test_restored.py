"""A house that came back from a copy says so on every page, and goes on when an administrator says so."""

from datetime import UTC, datetime

import pytest

from ledger.models import Entry
from people.choices import Role
from people.selectors import organisation
from people.services import hold
from tests.support.people import signed_in, with_key

pytestmark = pytest.mark.django_db

HELD = "brought back from a copy."


@pytest.fixture
def held(db) -> None:
    hold(copy_taken_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), by="system:tests")


def test_everybody_reads_on_every_page_that_it_is_held(held):
    page = signed_in(Role.REPORTER).get("/").content.decode()
    assert HELD in page
    assert "3:04:05" in page or "03:04:05" in page
    assert "/restored/" not in page


def test_an_administrator_lets_it_go_on(held):
    browser = signed_in(Role.ADMINISTRATOR)
    assert 'href="/restored/"' in browser.get("/").content.decode()
    page = browser.get("/restored/").content.decode()
    assert "Revoke every API key" in page
    program = with_key(Role.AUDITOR)
    answer = browser.post("/restored/", follow=True)
    assert HELD not in answer.content.decode()
    assert organisation().held_since is None
    assert Entry.objects.get(verb="organisation.went_on").actor_id == str(browser.person.pk)
    assert program.get("/api/v1/incidents/").status_code == 200


def test_all_keys_end_with_it_when_that_is_wanted(held):
    program = with_key(Role.AUDITOR)
    signed_in(Role.ADMINISTRATOR).post("/restored/", {"revoke_keys": "on"})
    assert program.get("/api/v1/incidents/").status_code == 401


def test_where_nothing_is_held_nothing_happens(db):
    browser, program = signed_in(Role.ADMINISTRATOR), with_key(Role.AUDITOR)
    answer = browser.post("/restored/", {"revoke_keys": "on"}, follow=True)
    assert "Nothing is held." in answer.content.decode()
    assert program.get("/api/v1/incidents/").status_code == 200
    assert HELD not in browser.get("/").content.decode()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.REPORTER])
def test_nobody_else_sees_or_ends_it(held, role):
    browser = signed_in(role)
    assert browser.get("/restored/").status_code == 404
    assert browser.post("/restored/").status_code == 404
    assert organisation().held_since is not None
