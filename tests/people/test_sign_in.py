"""Signing in by name or e-mail, and what is kept of it."""

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from ledger.models import Entry
from people import services
from people.choices import Role
from people.selectors import language_of
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


def verbs_about(someone) -> list[str]:
    return list(Entry.objects.filter(subject_id=str(someone.pk)).order_by("id").values_list("verb", flat=True))


@pytest.mark.parametrize("login", ["ana", "ANA", "ana@example.org", "Ana@Example.org", " ana "])
def test_name_and_address_both_open_the_door_in_any_case(login):
    person(Role.REPORTER, username="ana", email="Ana@Example.org", password=PASSWORD)

    answer = sign_in(Client(), login)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("overview")


@pytest.mark.parametrize("login", ["ana", "nobody", "ana@example.org", "nobody@example.org", "a\0b", "", "x" * 5000])
def test_a_wrong_pair_is_refused_in_words_that_do_not_say_which_half_is_wrong(login):
    person(Role.REPORTER, username="ana", email="ana@example.org", password=PASSWORD)
    client = Client()

    answer = sign_in(client, login, "not the password")

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    assert answer.context["form"].errors


def test_signing_in_out_and_failing_are_in_the_ledger():
    ana = person(Role.REPORTER, username="ana", password=PASSWORD)
    client = Client()

    sign_in(client, "ana", "wrong")
    sign_in(client, "ana")
    client.post("/accounts/logout/")

    assert verbs_about(ana) == [
        "person.created", "person.sign_in_failed", "person.signed_in", "person.signed_out",
    ]  # fmt: skip


def test_the_session_id_changes_at_sign_in_so_that_a_planted_one_is_worthless():
    person(Role.REPORTER, username="ana", password=PASSWORD)
    client = Client()
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted

    sign_in(client, "ana")

    assert client.cookies["sessionid"].value != planted
    assert not client.session.exists(planted)


def test_the_session_cookie_is_closed_to_scripts_and_other_sites_and_ends_after_twelve_hours():
    person(Role.REPORTER, username="ana", password=PASSWORD)

    cookie = sign_in(Client(), "ana").cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 12 * 3600


def test_a_form_without_its_token_is_refused():
    person(Role.REPORTER, username="ana", password=PASSWORD)

    answer = sign_in(Client(enforce_csrf_checks=True), "ana")

    assert answer.status_code == 403
    assert "form has expired" in answer.content.decode()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "http:///evil.example", "/\\evil.example",
        "javascript:alert(1)", "\thttps://evil.example", "https:evil.example", "/ok\r\nX-Evil: 1",
    ],
)  # fmt: skip
def test_next_never_leads_away(target):
    person(Role.REPORTER, username="ana", password=PASSWORD)

    answer = sign_in(Client(), "ana", next=target)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))
    assert "X-Evil" not in answer.headers


def test_next_leads_to_our_own_pages():
    person(Role.REPORTER, username="ana", password=PASSWORD)

    assert sign_in(Client(), "ana", next="/messages/?page=2")["Location"] == "/messages/?page=2"


def test_nobody_signs_up():
    assert Client().get("/accounts/signup/").status_code == 404
    assert Client().post("/accounts/signup/", {"username": "x", "password1": PASSWORD}).status_code == 404


def test_who_was_deactivated_is_out_at_once_and_does_not_get_in_again():
    ana = person(Role.REPORTER, username="ana", password=PASSWORD)
    client = Client()
    sign_in(client, "ana")

    services.deactivate(person_id=ana.pk, by="system:tests")

    assert client.get("/").status_code == 302
    sign_in(client, "ana")
    assert client.get("/").status_code == 302


def test_a_program_never_signs_in_with_a_password():
    new = services.create_api_key(name="backup robot", role=Role.RESPONDER, by="system:tests")

    client = Client()
    sign_in(client, new.row.user.username, new.text)

    assert "_auth_user_id" not in client.session


def test_the_last_sign_in_of_a_superuser_is_announced_to_administrators():
    admin = person(Role.ADMINISTRATOR, username="admin", password=PASSWORD)
    glass = person(username="glass", password=PASSWORD, superuser=True)

    sign_in(Client(), "glass")

    assert "person.superuser_signed_in" in verbs_about(glass)
    assert admin.messages.filter(urgency="urgent").count() == 1


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
def test_passwords_are_kept_by_argon2():
    assert person(password=PASSWORD).password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(("chosen", "written"), [("", "zh-hans"), ("en", "en")])
def test_messages_speak_the_language_of_the_pages_while_none_is_chosen(chosen, written):
    ana = person(Role.REPORTER, username="ana", password=PASSWORD, language=chosen)
    Client(headers={"accept-language": "zh-CN"}).post(SIGN_IN, {"login": "ana", "password": PASSWORD})

    ana.refresh_from_db()

    assert ana.language == chosen
    assert language_of(ana) == written


def test_somebody_who_never_signed_in_is_written_to_in_the_organisations_language():
    assert language_of(person(Role.REPORTER, username="bo", language="")) == settings.LANGUAGE_CODE
