"""Keys of programs: shown once, acting as one role, narrowed by scopes, ended at once."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from ledger.models import Entry
from people import services
from people.choices import Role
from people.errors import ExpiresInThePast, UnknownRole, UnknownScope
from people.models import ApiKey, User
from people.selectors import roles_of
from tests.support.people import person, signed_in, with_key

pytestmark = pytest.mark.django_db

ME = "/api/v1/me/"


def bearing(text: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {text}"})


def test_a_key_opens_the_api_as_its_role_and_no_other():
    answer = with_key(Role.AUDITOR).get(ME)

    assert answer.status_code == 200
    assert answer.json()["roles"] == ["Auditor"]
    assert answer.json()["is_machine"] is True


def test_a_key_does_not_have_the_roles_that_its_program_was_given_elsewhere():
    client = with_key(Role.REPORTER)
    client.key.user.groups.create(name="Something else")
    services.create_api_key(name=client.key.user.name, role=Role.ADMINISTRATOR, by="system:tests")

    assert client.get(ME).json()["roles"] == ["Reporter"]
    assert client.get("/api/v1/api-keys/").status_code == 403


@pytest.mark.parametrize(
    "given",
    ["", "x", "hf_", "hf_12345678_", "hf_1_2_3", "hf_\xff\xfe_x", "a" * 10_000, "hf_12345678_" + "0" * 48, "hf_a b_c"],
)
def test_a_key_that_was_never_made_is_401_with_the_way_to_sign_in(given):
    answer = bearing(given).get(ME)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert set(answer.json()) == {"code", "message", "request_id"}


def test_a_right_prefix_with_a_wrong_secret_is_401():
    new = services.create_api_key(name="robot", role=Role.RESPONDER, by="system:tests")

    assert bearing(f"hf_{new.row.prefix}_{'0' * 48}").get(ME).status_code == 401


def test_revoked_expired_and_inactive_are_401_at_once():
    revoked, ended, inactive = (with_key(Role.RESPONDER, expires_at=timezone.now() + timedelta(days=1)) for _x in "abc")
    services.revoke_api_key(key_id=revoked.key.pk, by="system:tests")
    assert revoked.get(ME).status_code == 401

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert ended.get(ME).status_code == 401

    services.deactivate(person_id=inactive.key.user.pk, by="system:tests")
    assert inactive.get(ME).status_code == 401


def test_the_text_of_a_key_is_nowhere_in_the_database():
    new = services.create_api_key(name="robot", role=Role.RESPONDER, by="system:tests")
    secret = new.text.rpartition("_")[2]

    assert secret not in str(ApiKey.objects.values().get())
    assert secret not in str(list(Entry.objects.values()))


def test_use_is_noted_at_most_once_a_minute():
    client = with_key(Role.RESPONDER)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.get(ME)
        first = ApiKey.objects.get().last_used_at
        clock.shift(timedelta(seconds=30))
        client.get(ME)
        assert ApiKey.objects.get().last_used_at == first
        clock.shift(timedelta(seconds=31))
        client.get(ME)
        assert ApiKey.objects.get().last_used_at > first


def test_scopes_narrow_a_key_to_apps_and_to_reading():
    reading = with_key(Role.ADMINISTRATOR, scopes=["people:read"])
    elsewhere = with_key(Role.ADMINISTRATOR, scopes=["backups:write"])
    writing = with_key(Role.ADMINISTRATOR, scopes=["people:write"])
    new = {"name": "another", "role": "Reporter", "scopes": ["people:read"]}

    assert reading.get("/api/v1/people/").status_code == 200
    assert reading.post("/api/v1/api-keys/", new, "application/json").status_code == 403
    assert elsewhere.get("/api/v1/people/").status_code == 403
    assert writing.get("/api/v1/people/").status_code == 200
    assert writing.post("/api/v1/api-keys/", new, "application/json").status_code == 201


@pytest.mark.parametrize("scopes", [[], ["backups:read"], ["people:write", "backups:read"]])
def test_a_narrowed_key_makes_no_key_that_can_do_more(scopes):
    narrow = with_key(Role.ADMINISTRATOR, scopes=["people:write"])
    new = {"name": "another", "role": "Administrator", "scopes": scopes}

    answer = narrow.post("/api/v1/api-keys/", new, "application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "key_beyond_itself")
    assert ApiKey.objects.count() == 1


def test_a_key_that_ends_makes_none_that_lasts():
    ends_at = timezone.now() + timedelta(days=1)
    for wanted in (None, (ends_at + timedelta(days=9)).isoformat()):
        ending = with_key(Role.ADMINISTRATOR, expires_at=ends_at)
        new = {"name": "another", "role": "Reporter", "expires_at": wanted}
        made = ending.post("/api/v1/api-keys/", new, "application/json").json()
        assert ApiKey.objects.get(pk=made["id"]).expires_at == ends_at


def test_what_a_persons_own_key_makes_is_that_persons_and_ends_with_them():
    ana = person(Role.ADMINISTRATOR, Role.REPORTER)
    person(Role.ADMINISTRATOR)
    own = bearing(services.create_own_key(person=ana, name="mine", role=Role.ADMINISTRATOR, days=9).text)
    refused = own.post("/api/v1/api-keys/", {"name": "other", "role": "Reporter"}, "application/json")
    assert refused.status_code == 403

    made = own.post("/api/v1/api-keys/", {"name": "other", "role": "Administrator"}, "application/json").json()
    assert made["owner"]["id"] == str(ana.pk)
    assert bearing(made["key"]).get(ME).status_code == 200
    services.deactivate(person_id=ana.pk, by="system:tests")
    assert bearing(made["key"]).get(ME).status_code == 401


def test_a_key_does_not_open_pages():
    assert with_key(Role.ADMINISTRATOR).get("/").status_code == 302


def test_an_administrator_makes_a_key_over_the_api_and_sees_it_once():
    client = signed_in(Role.ADMINISTRATOR)

    made = client.post("/api/v1/api-keys/", {"name": "robot", "role": "Responder"}, "application/json").json()

    assert bearing(made["key"]).get(ME).json()["name"] == "robot"
    assert "key" not in client.get(f"/api/v1/api-keys/{made['id']}/").json()


def test_revoking_twice_is_harmless_and_in_the_ledger_once():
    client = signed_in(Role.ADMINISTRATOR)
    key = services.create_api_key(name="robot", role=Role.RESPONDER, by="system:tests").row

    answers = [client.post(f"/api/v1/api-keys/{key.pk}/revoke/") for _each in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Entry.objects.filter(verb="api_key.revoked", actor_id=str(client.person.pk)).count() == 1


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"role": "King"}, UnknownRole),
        ({"scopes": ["people"]}, UnknownScope),
        ({"scopes": ["people:delete"]}, UnknownScope),
        ({"scopes": ["nowhere:read"]}, UnknownScope),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, ExpiresInThePast),
    ],
)
def test_a_key_that_makes_no_sense_is_refused_and_nothing_is_made(options, refusal):
    with pytest.raises(refusal):
        services.create_api_key(**{"name": "robot", "role": Role.RESPONDER, "by": "system:tests"} | options)

    assert not ApiKey.objects.exists()
    assert not User.objects.filter(is_machine=True).exists()


def test_the_database_refuses_a_key_of_no_role_and_one_that_is_not_hashed():
    key = services.create_api_key(name="robot", role=Role.RESPONDER, by="system:tests").row
    for field, value in [("role", "King"), ("hash", "plain")]:
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiKey.objects.filter(pk=key.pk).update(**{field: value})


def test_the_command_prints_the_key_alone_on_the_last_line():
    out = StringIO()

    call_command("create_api_key", "robot", "--role", "responder", "--scope", "backups:write", stdout=out)

    last = out.getvalue().splitlines()[-1]
    assert bearing(last).get(ME).json()["scopes"] == ["backups:write"]
    assert bearing(last).get("/api/v1/people/").status_code == 403
    assert ApiKey.objects.get().scopes == ["backups:write"]
    assert ApiKey.objects.get().role == Role.RESPONDER


@pytest.mark.parametrize("arguments", [["--role", "King"], ["--role", "Responder", "--expires-days", "0"]])
def test_the_command_refuses_in_one_sentence(arguments):
    with pytest.raises(CommandError):
        call_command("create_api_key", "robot", *arguments)


def test_roles_of_a_key_are_the_keys_even_for_a_superuser_program():
    client = with_key(Role.REPORTER)
    User.objects.filter(pk=client.key.user.pk).update(is_superuser=True)

    assert client.get(ME).json()["roles"] == ["Reporter"]
    assert roles_of(User.objects.get(pk=client.key.user.pk)) == {"Administrator"}
