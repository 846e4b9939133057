"""Accounts that end on a day, and people who are made unknown."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from common import signals
from ledger.models import Entry
from people import services
from people.choices import Role
from people.errors import AccountEnded, EndsInThePast, IsAProgram, LastAdministrator, WasAnonymised
from people.models import ApiKey, BrowserSession, ContactMethod, Membership, User
from people.selectors import has_ended, roles_of, today
from tests.support.people import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db
TESTS = "system:tests"
DAY = timedelta(days=1)


def auditor(**fields) -> User:
    return person(Role.AUDITOR, username="audrey", name="Audrey", password=PASSWORD, **fields)


def sign_in(client: Client):
    return client.post("/accounts/login/", {"login": "audrey", "password": PASSWORD}, follow=True)


def test_an_account_opens_until_its_last_day_is_over_and_then_says_why():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        auditor(ends_on=today(timezone.now()))
        assert sign_in(Client()).wsgi_request.user.is_authenticated
        clock.shift(DAY)

        page = sign_in(Client())

        assert not page.wsgi_request.user.is_authenticated
        assert "Your account ended after" in page.content.decode()


def test_an_open_session_sees_nothing_more_even_before_the_sweep():
    audrey, client = auditor(ends_on=today(timezone.now())), Client()
    client.force_login(audrey)
    assert client.get("/people/").status_code == 200

    User.objects.filter(pk=audrey.pk).update(ends_on=today(timezone.now()) - DAY)

    assert has_ended(User.objects.get())
    assert roles_of(User.objects.get()) == frozenset()
    assert client.get("/people/").status_code == 404


def test_the_sweep_closes_it_once_with_sessions_and_own_keys():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        audrey = auditor(ends_on=today(timezone.now()))
        client = Client()
        sign_in(client)
        key = services.create_own_key(person=audrey, name="mine", role=Role.AUDITOR, days=30)
        clock.shift(DAY)
        for _ in range(2):
            signals.sweep.send(sender=None, now=timezone.now())

        audrey.refresh_from_db()
        assert not audrey.is_active
        assert not BrowserSession.objects.exists()
        assert ApiKey.objects.get().revoked_at
        assert client.get("/account/").status_code == 302
        headers = {"Authorization": f"Bearer {key.text}"}
        assert Client(headers=headers).get("/api/v1/me/").status_code == 401
    assert Entry.objects.filter(verb="person.account_ended").count() == 1
    assert Entry.objects.get(verb="person.deactivated").actor_label == "system:people"


def test_the_account_of_a_person_whose_time_is_not_over_stays():
    audrey = auditor(ends_on=today(timezone.now()))

    assert services.close_ended(now=timezone.now()) == 0
    assert User.objects.get(pk=audrey.pk).is_active


def test_an_extended_account_opens_again_and_one_that_is_not_does_not():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        audrey = auditor(ends_on=today(timezone.now()))
        clock.shift(DAY)
        services.close_ended(now=timezone.now())
        with pytest.raises(AccountEnded):
            services.reactivate(person_id=audrey.pk, by=TESTS)

        for _ in range(2):
            services.set_end(person_id=audrey.pk, ends_on=today(timezone.now()) + DAY, by=TESTS)
        services.reactivate(person_id=audrey.pk, by=TESTS)

        assert sign_in(Client()).wsgi_request.user.is_authenticated
    assert Entry.objects.filter(verb="person.end_changed").count() == 1


def test_ends_in_the_past_and_ends_of_programs_are_refused():
    with pytest.raises(EndsInThePast):
        auditor(ends_on=today(timezone.now()) - DAY)
    robot = services.create_api_key(name="robot", role=Role.REPORTER, by=TESTS).row.user
    with pytest.raises(IsAProgram):
        services.set_end(person_id=robot.pk, ends_on=today(timezone.now()), by=TESTS)


def test_one_administrator_without_an_end_is_left():
    first, second = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    services.set_end(person_id=second.pk, ends_on=today(timezone.now()), by=TESTS)

    with pytest.raises(LastAdministrator):
        services.set_end(person_id=first.pk, ends_on=today(timezone.now()), by=TESTS)
    with pytest.raises(LastAdministrator):
        services.deactivate(person_id=first.pk, by=TESTS)


def test_who_is_made_unknown_leaves_an_id_and_nothing_to_sign_in_with():
    ana = person(Role.MANAGER, username="ana", name="Ana Ahorn", email="ana@example.org", password=PASSWORD)
    services.add_team(name="Archive", manager=ana, members=[ana], by=TESTS)
    services.add_contact(person=ana, kind="phone", address="+49301234567", by=TESTS)
    services.create_own_key(person=ana, name="mine", role=Role.MANAGER, days=3)
    Authenticator.objects.create(user=ana, type="totp", data={})

    for _ in range(2):
        services.anonymise(person_id=ana.pk, by=TESTS)

    row = User.objects.get(pk=ana.pk)
    stored = str(User.objects.filter(pk=ana.pk).values().get()).lower()
    assert "ahorn" not in stored and "ana@" not in stored and "'ana'" not in stored  # noqa: PT018
    assert not row.is_active and row.anonymised_at and not row.has_usable_password()  # noqa: PT018
    assert not ContactMethod.objects.exists() and not Membership.objects.exists()  # noqa: PT018
    assert not Authenticator.objects.exists()
    assert ApiKey.objects.get().revoked_at
    assert Entry.objects.filter(verb="person.anonymised", subject_id=str(ana.pk)).count() == 1
    with pytest.raises(WasAnonymised):
        services.reactivate(person_id=ana.pk, by=TESTS)


def test_neither_the_last_administrator_nor_a_program_is_made_unknown():
    with pytest.raises(LastAdministrator):
        services.anonymise(person_id=person(Role.ADMINISTRATOR).pk, by=TESTS)
    robot = services.create_api_key(name="robot", role=Role.REPORTER, by=TESTS).row.user
    with pytest.raises(IsAProgram):
        services.anonymise(person_id=robot.pk, by=TESTS)


def test_the_admin_asks_before_it_makes_somebody_unknown():
    desk, ana = signed_in(Role.ADMINISTRATOR), person(Role.REPORTER, name="Ana Ahorn")
    chosen = {"action": "anonymise", "_selected_action": [str(ana.pk)]}

    asked = desk.post("/admin/people/user/", chosen)
    assert "There is no way back." in asked.content.decode()
    assert User.objects.get(pk=ana.pk).name == "Ana Ahorn"

    desk.post("/admin/people/user/", {**chosen, "confirmed": "yes"})
    assert User.objects.get(pk=ana.pk).anonymised_at


def test_the_database_itself_keeps_the_anonymised_out():
    ana = person()
    services.anonymise(person_id=ana.pk, by=TESTS)

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=ana.pk).update(is_active=True)


@pytest.mark.parametrize(("language", "said"), [("en", "ends after 1 March 2030"), ("zh-hans", "2030年3月1日")])
def test_the_page_tells_when_the_account_ends(language, said):
    audrey, client = auditor(ends_on=date(2030, 3, 1), language=language), Client()
    client.force_login(audrey)

    assert said in client.get("/account/").content.decode().replace("\xa0", " ")
