"""Where people are signed in, and what ends it."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ledger.models import Entry
from people import services
from people.choices import Role
from people.devices import device_of
from people.models import BrowserSession
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db
TESTS = "system:tests"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def ana():
    return person(Role.REPORTER, username="ana", name="Ana", password=PASSWORD)


def browser(agent: str = DESK) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "Safari · iPhone"), (DESK, "Firefox · Linux"), ("", ""), ("curl/8.5", "script"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat · Android"),
        ("<script>alert(1)</script>", ""), ("x" * 100_000 + "Firefox/1", ""),
    ],
    ids=range(8),
)  # fmt: skip
def test_a_device_is_called_as_people_call_it(agent, device):
    assert device_of(agent) == device


def test_the_page_lists_where_one_is_signed_in_and_which_is_this_one(ana):
    desk, phone = browser(), browser(PHONE)

    page = desk.get("/account/").content.decode()

    assert "Firefox · Linux" in page
    assert "Safari · iPhone" in page
    assert page.count("This one") == 1
    assert "127.0.0.1" in page
    assert not any(row.session_key in page for row in BrowserSession.objects.all())
    assert is_in(phone)


def test_one_is_ended_and_the_others_stay(ana):
    desk, phone = browser(), browser(PHONE)
    row = BrowserSession.objects.get(device="Safari · iPhone")

    desk.post(f"/account/sessions/{row.pk}/end/")

    assert (is_in(desk), is_in(phone)) == (True, False)
    assert Entry.objects.filter(verb="person.session_ended", subject_id=str(ana.pk)).count() == 1
    assert desk.post(f"/account/sessions/{row.pk}/end/").status_code == 404


def test_all_others_are_ended_at_once(ana):
    desk, others = browser(), [browser(PHONE), browser()]

    desk.post("/account/sessions/end-others/")

    assert is_in(desk)
    assert not any(is_in(other) for other in others)


def test_nobody_ends_the_session_of_another(ana):
    browser()
    other = Client()
    other.force_login(person(Role.REPORTER))

    assert other.post(f"/account/sessions/{BrowserSession.objects.get().pk}/end/").status_code == 404
    assert BrowserSession.objects.filter(person=ana).count() == 1


def test_a_changed_password_ends_all_others_and_keeps_this_one(ana):
    desk, phone = browser(), browser(PHONE)
    new = "another-Long-one-8"

    desk.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    ana.refresh_from_db()
    assert ana.check_password(new)
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert BrowserSession.objects.filter(person=ana).count() == 1
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda ana: services.set_roles(person_id=ana.pk, roles=[], by=TESTS),
        lambda ana: services.set_password(person_id=ana.pk, password="a-third-Long-one-9", by=TESTS),
        lambda ana: services.deactivate(person_id=ana.pk, by=TESTS),
    ],
    ids=["lost role", "new password", "sent away"],
)
def test_what_an_administrator_takes_away_ends_every_session(ana, change):
    clients = [browser(), browser(PHONE)]

    change(ana)

    assert not any(is_in(client) for client in clients)
    assert not BrowserSession.objects.exists()
    assert not Session.objects.exists()


def test_another_role_ends_nothing(ana):
    client = browser()

    services.set_roles(person_id=ana.pk, roles=[Role.REPORTER, Role.RESPONDER], by=TESTS)

    assert is_in(client)


def test_signing_out_takes_the_browser_off_the_list(ana):
    browser().post("/accounts/logout/")

    assert not BrowserSession.objects.exists()


def test_being_seen_is_written_once_a_minute(ana, django_assert_num_queries):
    client = browser()
    client.get("/account/")
    before = BrowserSession.objects.get().last_seen_at

    client.get("/account/")
    assert BrowserSession.objects.get().last_seen_at == before

    cache.clear()
    client.get("/account/")
    assert BrowserSession.objects.get().last_seen_at > before


def test_what_ended_by_itself_is_forgotten(ana):
    browser()
    with time_machine.travel(timezone.now() + timedelta(hours=13), tick=False):
        browser(PHONE)
        services.forget_old_sessions(now=timezone.now())

        assert [row.device for row in BrowserSession.objects.all()] == ["Safari · iPhone"]
        assert Session.objects.count() == 1


def test_a_planted_session_id_is_not_listed_for_anybody(ana):
    client = Client()
    client.cookies["sessionid"] = "x" * 32

    client.get("/account/")

    assert not BrowserSession.objects.exists()
