"""How keys are used: counted without a write a request; own keys end with their person."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import selectors, services
from people.choices import Role
from people.errors import OwnKeyTooLong, RoleNotHeld, TooManyKeys
from people.models import ApiKey, KeyUse
from tests.support.people import PASSWORD, person, signed_in, with_key

pytestmark = pytest.mark.django_db
TESTS = "system:tests"
ME = "/api/v1/me/"


def test_uses_are_counted_by_day_and_not_written_with_each_request():
    client = with_key(Role.RESPONDER)
    with time_machine.travel("2027-03-01T10:00:00Z", tick=False) as clock:
        client.get(ME)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            for _ in range(5):
                client.get(ME)
        assert not [each for each in seen if each["sql"].startswith(("INSERT", "UPDATE"))]

        clock.shift(timedelta(minutes=2))
        client.get(ME)

    use = KeyUse.objects.get()
    assert (use.count, use.day.isoformat(), use.address) == (7, "2027-03-01", "127.0.0.1")
    assert ApiKey.objects.get().last_used_from == "127.0.0.1"


def test_the_sweep_writes_what_a_key_left_behind_when_it_went_quiet():
    client = with_key(Role.RESPONDER)
    with time_machine.travel("2027-03-01T23:59:30Z", tick=False) as clock:
        for _ in range(4):
            client.get(ME)
        clock.shift(timedelta(minutes=2))
        assert [services.write_uses(now=timezone.now()) for _ in range(2)] == [1, 0]

    assert KeyUse.objects.get().count == 4
    assert KeyUse.objects.get().day.isoformat() == "2027-03-01"


def test_a_cache_that_is_away_costs_the_count_and_no_request(settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"},
    }
    client = with_key(Role.RESPONDER)

    assert client.get(ME).status_code == 200
    assert KeyUse.objects.get().count == 1


def test_keys_that_nobody_needs_and_keys_about_to_end_are_found():
    now = timezone.now()
    keys = {
        name: services.create_api_key(name=name, role=Role.REPORTER, by=TESTS).row
        for name in ("fresh", "never", "idle", "ending", "gone")
    }
    old = now - timedelta(days=100)
    ApiKey.objects.filter(pk=keys["never"].pk).update(created_at=old)
    ApiKey.objects.filter(pk=keys["idle"].pk).update(created_at=old, last_used_at=old)
    ApiKey.objects.filter(pk=keys["ending"].pk).update(last_used_at=now, expires_at=now + timedelta(days=3))
    ApiKey.objects.filter(pk=keys["gone"].pk).update(created_at=old, revoked_at=now)

    assert [key.name for key in selectors.never_used(now)] == ["never"]
    assert [key.name for key in selectors.idle(now)] == ["idle"]
    assert [key.name for key in selectors.about_to_end(now)] == ["ending"]
    desk = signed_in(Role.ADMINISTRATOR)
    page = desk.get("/admin/people/apikey/?use=never").content.decode()
    assert f"/{keys['never'].pk}/" in page
    assert f"/{keys['idle'].pk}/" not in page
    assert desk.get("/admin/people/apikey/?use=nonsense").status_code == 200


def test_an_own_key_does_what_its_person_may_and_ends_with_the_role():
    ana = person(Role.REPORTER, Role.RESPONDER)
    new = services.create_own_key(person=ana, name="script", role=Role.RESPONDER, days=30)
    client = Client(headers={"Authorization": f"Bearer {new.text}"})
    assert client.get(ME).json()["roles"] == ["Responder"]

    services.set_roles(person_id=ana.pk, roles=[Role.REPORTER], by=TESTS)

    assert client.get(ME).status_code == 401


def test_own_keys_are_narrow_few_and_short():
    ana = person(Role.REPORTER)
    with pytest.raises(RoleNotHeld):
        services.create_own_key(person=ana, name="x", role=Role.ADMINISTRATOR, days=1)
    for days in (0, -1, 367):
        with pytest.raises(OwnKeyTooLong):
            services.create_own_key(person=ana, name="x", role=Role.REPORTER, days=days)
    for number in range(10):
        services.create_own_key(person=ana, name=f"x{number}", role=Role.REPORTER, days=1)
    with pytest.raises(TooManyKeys):
        services.create_own_key(person=ana, name="x", role=Role.REPORTER, days=1)


def test_an_own_key_never_joins_a_program_of_others():
    robot = services.create_api_key(name="robot", role=Role.REPORTER, by=TESTS).row
    ana, bo = person(Role.REPORTER), person(Role.REPORTER)

    mine = services.create_own_key(person=ana, name="robot", role=Role.REPORTER, days=1).row
    theirs = services.create_own_key(person=bo, name="robot", role=Role.REPORTER, days=1).row
    again = services.create_api_key(name="robot", role=Role.REPORTER, by=TESTS).row

    assert len({robot.user_id, mine.user_id, theirs.user_id}) == 3
    assert again.user_id == robot.user_id


def test_the_page_asks_for_the_password_shows_the_key_once_and_revokes_it():
    person(Role.RESPONDER, username="ana", password=PASSWORD)
    browser = Client()
    browser.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})

    answer = browser.post("/account/keys/make/", {"name": "script", "role": "Responder", "scopes": "", "days": "30"})

    key = ApiKey.objects.get()
    assert f"hf_{key.prefix}_" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert f"hf_{key.prefix}_" not in browser.get("/account/").content.decode()
    browser.post(f"/account/keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at


def test_a_key_is_not_made_by_an_unattended_screen():
    browser = signed_in(Role.RESPONDER, password=PASSWORD)

    answer = browser.post("/account/keys/make/", {"name": "x", "role": "Responder", "days": "1"})

    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert not ApiKey.objects.exists()
