"""The second factor: set up, asked for, counted, and required of administrators where others can reach us."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from common.secrets import unseal
from ledger.models import Entry
from people import services
from people.choices import Role
from tests.people.test_sign_in import sign_in
from tests.support.people import PASSWORD, person, with_key

pytestmark = pytest.mark.django_db

ENTER = "/accounts/2fa/authenticate/"
SET_UP = "/accounts/2fa/totp/activate/"


def code_of(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


@pytest.fixture
def secret() -> str:
    return generate_totp_secret()


@pytest.fixture
def ana(secret):
    made = person(Role.ADMINISTRATOR, username="ana", password=PASSWORD)
    TOTP.activate(made, secret)
    return made


def test_the_password_alone_does_not_open_the_door(ana):
    client = Client()

    answer = sign_in(client, "ana")

    assert answer["Location"] == ENTER
    assert "_auth_user_id" not in client.session


def test_password_and_code_do(ana, secret):
    client = Client()
    sign_in(client, "ana")

    answer = client.post(ENTER, {"code": code_of(secret)})

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(ana.pk)


def test_a_code_works_once(ana, secret):
    first, second = Client(), Client()
    code = code_of(secret)
    sign_in(first, "ana")
    first.post(ENTER, {"code": code})

    sign_in(second, "ana")
    second.post(ENTER, {"code": code})

    assert "_auth_user_id" not in second.session


@pytest.mark.parametrize("code", ["000000", "", "abc", "٠١٢٣٤٥", "1\0", "9" * 4000])
def test_a_wrong_code_is_refused_in_words(ana, code):
    client = Client()
    sign_in(client, "ana")

    answer = client.post(ENTER, {"code": code})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_wrong_codes_lock_like_wrong_passwords_and_then_the_right_one_is_refused_too(ana, secret):
    client = Client()
    sign_in(client, "ana")
    answers = [client.post(ENTER, {"code": "000000"}) for _each in range(5)]

    last = client.post(ENTER, {"code": code_of(secret)})

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert last.status_code == 429
    assert "_auth_user_id" not in client.session
    assert Entry.objects.filter(subject_id=str(ana.pk), verb="person.locked_out").count() == 1


def test_the_secret_is_sealed_at_rest(ana, secret):
    kept = Authenticator.objects.get(user=ana).data["secret"]

    assert secret not in kept
    assert unseal(kept) == secret


def test_setting_up_gives_recovery_codes_each_of_which_opens_the_door_once():
    ben = person(Role.RESPONDER, username="ben", password=PASSWORD)
    client = Client()
    sign_in(client, "ben")
    client.get(SET_UP)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(SET_UP)
    answer = client.post(SET_UP, {"code": code_of(page.context["form"].secret)})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10

    again, third = Client(), Client()
    for browser in (again, third):
        sign_in(browser, "ben")
        browser.post(ENTER, {"code": codes[0]})

    assert again.session["_auth_user_id"] == str(ben.pk)
    assert "_auth_user_id" not in third.session


def test_factors_added_and_reset_are_in_the_ledger(ana):
    services.reset_second_factor(person_id=ana.pk, by="system:tests")
    services.reset_second_factor(person_id=ana.pk, by="system:tests")

    assert not Authenticator.objects.filter(user=ana).exists()
    assert Entry.objects.filter(subject_id=str(ana.pk), verb="person.second_factor_reset").count() == 1


class TestWhereOthersCanReachUs:
    """BASE_URL is not the loopback."""

    @pytest.fixture(autouse=True)
    def reachable(self, settings) -> None:
        settings.TWO_FACTOR_REQUIRED = True

    @pytest.mark.parametrize("path", ["/", "/admin/", "/messages/"])
    def test_an_administrator_without_a_second_factor_is_led_to_setting_it_up(self, path):
        client = Client()
        client.force_login(person(Role.ADMINISTRATOR))

        answer = client.get(path)

        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")

    def test_the_way_out_and_the_languages_stay_open(self):
        client = Client()
        client.force_login(person(Role.ADMINISTRATOR))

        assert client.post("/preferences/", {"language": "zh-hans"})["Location"] == "/"
        assert client.get("/accounts/logout/").status_code == 200

    def test_the_api_refuses_the_session_in_its_own_shape(self):
        client = Client()
        client.force_login(person(Role.ADMINISTRATOR))

        answer = client.get("/api/v1/people/")

        assert answer.status_code == 403
        assert "second factor" in answer.json()["message"]

    def test_programs_and_other_roles_are_not_asked(self):
        client = Client()
        client.force_login(person(Role.MANAGER))

        assert client.get("/api/v1/people/").status_code == 200
        assert with_key(Role.ADMINISTRATOR).get("/api/v1/people/").status_code == 200

    def test_an_administrator_cannot_give_it_up(self, ana, secret):
        client = Client()
        sign_in(client, "ana")
        client.post(ENTER, {"code": code_of(secret)})
        client.get("/accounts/2fa/totp/deactivate/")
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})

        client.post("/accounts/2fa/totp/deactivate/")

        assert Authenticator.objects.filter(user=ana, type="totp").exists()
