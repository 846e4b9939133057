"""Passkeys: added, used alone and as second step, renamed, removed, counted; hostile answers change nothing."""

import json

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from ledger.models import Entry
from people.choices import Role
from people.selectors import lacks_second_factor
from tests.people.test_sign_in import sign_in
from tests.support.passkeys import ADD, ALONE, Device, add_passkey, browser, come_in
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db

ENTER = "/accounts/2fa/authenticate/"
LIST = "/accounts/2fa/webauthn/"


@pytest.fixture
def ana():
    return person(Role.RESPONDER, username="ana", password=PASSWORD)


@pytest.fixture
def device(ana) -> Device:
    made, client = Device(), browser()
    sign_in(client, "ana")
    assert add_passkey(client, made, PASSWORD).status_code == 302
    return made


@pytest.fixture
def inside(ana, device):
    """Ana's browser, after password and passkey, and recently asked again."""
    client = browser()
    come_in(client, device)
    client.get(ADD)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def key_of(owner) -> Authenticator:
    return Authenticator.objects.get(user=owner, type="webauthn")


def is_in(client, owner) -> bool:
    return client.session.get("_auth_user_id") == str(owner.pk)


def test_a_passkey_alone_opens_the_door(ana, device):
    client = browser()

    answer = come_in(client, device)

    assert answer.status_code == 302
    assert is_in(client, ana)
    assert Entry.objects.filter(verb="person.signed_in").latest("id").data == {"way": "passkey"}


def test_adding_gives_recovery_codes_and_is_in_the_ledger(ana, device):
    kinds = [entry.data["kind"] for entry in Entry.objects.filter(verb="person.second_factor_added")]

    assert "webauthn" in kinds
    assert Authenticator.objects.filter(user=ana, type="recovery_codes").exists()


def test_after_the_password_the_key_is_the_second_step(ana, device):
    client = browser()
    assert sign_in(client, "ana")["Location"] == ENTER
    assert not is_in(client, ana)

    options = client.get(ENTER).context["js_data"]["request_options"]
    client.post(ENTER, {"credential": device.sign(options)})

    assert is_in(client, ana)


def test_another_device_is_refused_in_words(ana, device):
    client, stranger = browser(), Device()
    stranger.credential_id, stranger.owner = device.credential_id, device.owner

    answer = come_in(client, stranger)

    assert answer["Location"] == "/accounts/login/"
    assert "This passkey was not accepted" in client.get("/accounts/login/").content.decode()
    assert not is_in(client, ana)


def test_a_challenge_is_signed_once(ana, device):
    client = browser()
    options = client.get(ALONE, headers={"Accept": "application/json"}).json()["request_options"]
    answer = device.sign(options)
    client.post(ALONE, {"credential": answer})
    client.post("/accounts/logout/")

    client.post(ALONE, {"credential": answer})

    assert not is_in(client, ana)


def test_another_address_than_ours_is_refused(ana, device):
    device.origin = "https://holdfast.example.net"
    client = browser()

    come_in(client, device)

    assert not is_in(client, ana)


def test_a_device_that_does_not_ask_its_owner_does_not_open_alone(ana, device):
    device.verifies = False
    client = browser()

    come_in(client, device)

    assert not is_in(client, ana)


def test_a_key_opens_for_its_owner_only(ana, device):
    ben = person(Role.ADMINISTRATOR, username="ben")
    client = browser()

    come_in(client, device, owner=user_pk_to_url_str(ben).encode())

    assert "_auth_user_id" not in client.session


def test_five_refusals_lock_and_then_the_right_key_is_refused_too(ana, device):
    client, stranger = browser(), Device()
    stranger.credential_id, stranger.owner = device.credential_id, device.owner
    answers = [come_in(client, stranger) for _each in range(5)]

    last = come_in(client, device)

    assert answers[-1].status_code == 429
    assert last.status_code == 429
    assert not is_in(client, ana)
    assert Entry.objects.filter(subject_id=str(ana.pk), verb="person.locked_out").count() == 1


def test_whoever_was_closed_stays_outside(ana, device):
    ana.is_active = False
    ana.save(update_fields=["is_active"])
    client = browser()

    come_in(client, device)

    assert not is_in(client, ana)


HOSTILE = [
    "", "null", "[]", "1", '"text"', "{}", "{", '{"id": 1}', '{"response": null}', '{"response": {"userHandle": 5}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", "userHandle": "_w"}}',
    '{"response": {"userHandle": "eA"}}', "[" * 5000, '{"id": "\\u0000"}',
]  # fmt: skip


def test_what_no_browser_sends_is_refused_in_words(inside, ana):
    stranger = browser()
    for credential in HOSTILE:
        cache.clear()  # where tries are counted by address
        inside.get(ADD)
        made = inside.post(ADD, {"name": "X", "credential": credential})
        stranger.get(ALONE, headers={"Accept": "application/json"})
        alone = stranger.post(ALONE, {"credential": credential})
        assert (made.status_code, alone.status_code) == (200, 302), credential

    assert key_of(ana)


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
def test_a_damaged_new_key_is_refused(inside, ana, part):
    answer = json.loads(Device().make(inside.get(ADD).context["js_data"]["creation_options"]))
    for damage in ("AA", "_____w", None, 7, answer["response"][part][:-9]):
        answer["response"][part] = damage

        assert inside.post(ADD, {"credential": json.dumps(answer)}).status_code == 200

    assert key_of(ana)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_a_damaged_signature_is_refused(ana, device, part):
    client = browser()
    options = client.get(ALONE, headers={"Accept": "application/json"}).json()["request_options"]
    answer = json.loads(device.sign(options))
    for damage in ("AA", "_____w", None, answer["response"][part][:-9]):
        answer["response"][part] = damage
        assert client.post(ALONE, {"credential": json.dumps(answer)}).status_code in {302, 429}

    assert not is_in(client, ana)


def test_a_key_gets_another_name(inside, ana):
    path = f"/accounts/2fa/webauthn/keys/{key_of(ana).pk}/edit/"

    inside.post(path, {"name": "Key on my ring"})
    refused = inside.post(path, {"name": "x" * 61})

    assert refused.status_code == 200
    assert key_of(ana).wrap().name == "Key on my ring"
    assert "Key on my ring" in inside.get(LIST).content.decode()


def test_a_key_is_removed_and_its_removal_kept(inside, ana):
    inside.post(f"/accounts/2fa/webauthn/keys/{key_of(ana).pk}/remove/")

    assert not Authenticator.objects.filter(user=ana).exists()
    assert Entry.objects.filter(subject_id=str(ana.pk), verb="person.second_factor_removed").exists()


@pytest.mark.parametrize("way", ["edit", "remove"])
def test_somebody_elses_key_is_not_there(inside, way):
    ben, client = person(username="ben", password=PASSWORD), browser()
    sign_in(client, "ben")
    add_passkey(client, Device(), PASSWORD)

    answer = inside.post(f"/accounts/2fa/webauthn/keys/{key_of(ben).pk}/{way}/", {"name": "Mine"})

    assert answer.status_code == 404
    assert key_of(ben).wrap().name == "Laptop"


class TestWhereASecondFactorIsRequired:
    """BASE_URL is not the loopback, and Ana administers."""

    @pytest.fixture
    def ana(self, settings):
        settings.TWO_FACTOR_REQUIRED = True
        return person(Role.ADMINISTRATOR, username="ana", password=PASSWORD)

    def test_a_passkey_is_enough(self, ana, inside):
        assert not lacks_second_factor(ana)
        assert inside.get("/admin/").status_code == 200

    def test_the_last_one_is_not_removed(self, ana, inside):
        inside.post(f"/accounts/2fa/webauthn/keys/{key_of(ana).pk}/remove/")

        assert key_of(ana)
        assert "Administrators keep a second factor" in inside.get(LIST).content.decode()

    def test_one_of_two_is(self, ana, inside):
        first = key_of(ana)
        options = inside.get(ADD).context["js_data"]["creation_options"]
        inside.post(ADD, {"name": "Second", "credential": Device().make(options)})

        inside.post(f"/accounts/2fa/webauthn/keys/{first.pk}/remove/")

        assert key_of(ana).wrap().name == "Second"
