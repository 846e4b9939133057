"""Single sign-on: every token that proves nothing, and an issuer that is away."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from people.choices import Role
from people.models import User
from tests.people.test_sign_in import sign_in
from tests.people.walks import BACK, GO, is_in, refused, to_the_issuer, walk
from tests.support.issuer import CLIENT_ID
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db


def none_alg(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "none"}, claims, OctKey.generate_key(), algorithms=["none"])


def by_our_secret(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(b"x" * 32))


def by_another_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))


def by_an_unknown_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "two"}, claims, RSAKey.generate_key(2048))


class TestTokensThatProveNothing:
    @pytest.mark.parametrize(
        "change",
        [
            {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": [CLIENT_ID, "another"]},
            {"aud": CLIENT_ID, "azp": "another"}, {"iss": "https://another.example"}, {"exp": 1}, {"exp": None},
            {"iat": time.time() + 900}, {"nbf": time.time() + 900}, {"sub": ""}, {"sub": None}, {"sub": 5},
            {"sub": "x" * 192}, {"sub": "a\0b"},
        ],
        ids=lambda change: ", ".join(change) if isinstance(change, dict) else str(change),
    )  # fmt: skip
    def test_a_claim_that_is_wrong(self, issuer, change):
        issuer.bend_claims = lambda claims: {
            name: value for name, value in (claims | change).items() if value is not None
        }

        client, answer = walk()

        assert refused(answer)
        assert not is_in(client)
        assert not User.objects.exists()

    @pytest.mark.parametrize("sign", [none_alg, by_our_secret, by_another_key, by_an_unknown_key])
    def test_a_signature_that_is_not_the_issuers(self, issuer, sign):
        issuer.sign = sign

        _client, answer = walk()

        assert refused(answer)
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        "bend", [lambda t: t[:-8] + "AAAAAAAA", lambda t: "a.b.c", lambda t: "", lambda t: t + "."]
    )
    def test_a_token_that_was_touched(self, issuer, bend):
        issuer.bend_token = bend

        _client, answer = walk()

        assert refused(answer)

    def test_userinfo_about_somebody_else(self, issuer):
        issuer.only_by_userinfo = {"groups"}
        issuer.bend_answer["/userinfo"] = (200, b'{"sub": "another", "groups": ["admins"]}')

        _client, answer = walk()

        assert refused(answer)

    def test_a_walk_that_was_begun_by_somebody_else(self, issuer):
        back = to_the_issuer(Client())

        answer = Client().get(back)

        assert refused(answer)

    def test_a_walk_is_walked_once(self, issuer):
        client = Client()
        back = to_the_issuer(client)
        client.get(back)
        client.post("/accounts/logout/")

        assert refused(client.get(back))
        assert not is_in(client)

    @pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=x", "?state=x", "?state[]=1"])
    def test_an_answer_that_belongs_to_no_walk(self, issuer, query):
        assert refused(Client().get(BACK + query))

    def test_the_issuer_says_no(self, issuer):
        client = Client()
        state = parse_qs(urlsplit(to_the_issuer(client)).query)["state"][0]

        assert refused(client.get(f"{BACK}?error=access_denied&state={state}"))

    def test_the_verifier_of_the_walk_is_needed(self, issuer):
        client, _answer = walk()

        assert is_in(client)
        assert issuer.asked[0]["code_challenge_method"] == "S256"


UNUSABLE = [(500, b"oops"), (302, b""), (200, b""), (200, b"[1]"), (200, b"\xff\xfe"), (200, b"{}"), (200, b"[" * 9999)]


class TestAnIssuerThatIsAway:
    @pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
    def test_is_one_sentence(self, issuer, path):
        client = Client()
        for answer in UNUSABLE:
            issuer.reset()
            back = "" if path.startswith("/.well") else to_the_issuer(client)
            issuer.bend_answer[path] = answer
            assert refused(client.get(back or GO)), answer

        assert not is_in(client)

    def test_nobody_listens(self, issuer, settings):
        object.__setattr__(settings.SIGN_ON_ISSUER, "url", "http://localhost:9")

        answer = Client().get(GO)

        assert refused(answer)
        assert "does not answer" in answer.content.decode()

    def test_it_calls_itself_by_another_name(self, issuer, settings):
        object.__setattr__(settings.SIGN_ON_ISSUER, "url", issuer.url.replace("localhost", "127.0.0.1"))

        assert refused(Client().get(GO))

    def test_an_issuer_on_the_loopback_only_where_that_is_allowed(self, issuer, settings):
        settings.OUTGOING_LOOPBACK = False

        assert refused(Client().get(GO))

    def test_nobody_makes_us_flood_it(self, issuer, settings):
        settings.ACCOUNT_RATE_LIMITS = {"sign_on": "2/m/ip"}
        client = Client()

        answers = [client.get(GO).status_code for _each in range(3)]

        assert answers == [302, 302, 429]

    def test_passwords_still_open_the_door(self, issuer):
        issuer.bend_answer["/.well-known/openid-configuration"] = (500, b"")
        person(Role.RESPONDER, username="local", password=PASSWORD)

        assert sign_in(Client(), "local").status_code == 302
