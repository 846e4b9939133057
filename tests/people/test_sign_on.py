"""Single sign-on by a real issuer: who gets in, with which roles, and by which address."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from ledger.models import Entry
from people import services
from people.admission import Admission, Arrival
from people.choices import Role
from people.models import User
from people.selectors import roles_of
from tests.incidents.test_at_the_same_moment import at_once
from tests.people.test_sign_in import sign_in
from tests.people.walks import BACK, GO, ROLES, is_in, refused, walk
from tests.support.passkeys import ADD, Device, browser, come_in
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db


class TestWhoGetsIn:
    def test_a_group_with_a_role_lets_somebody_new_in(self, issuer):
        client, answer = walk()

        ana = User.objects.get(username="ana")
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert client.session["_auth_user_id"] == str(ana.pk)
        assert (ana.name, ana.email, set(roles_of(ana))) == ("Ana Ivanova", "ana@example.org", {"Responder"})
        assert not ana.has_usable_password()

    def test_the_second_time_it_is_the_same_person(self, issuer):
        walk()
        issuer.vouches_for |= {"preferred_username": "ana.new", "email": "other@example.org"}

        client, _answer = walk()

        assert client.session["_auth_user_id"] == str(User.objects.get(is_machine=False).pk)

    def test_what_happened_is_in_the_ledger(self, issuer):
        walk()

        verbs = set(Entry.objects.filter(subject_id=str(User.objects.get().pk)).values_list("verb", flat=True))
        assert {"person.created", "person.linked", "person.signed_in"} <= verbs
        assert Entry.objects.get(verb="person.signed_in").data == {"way": "sign_on"}

    def test_nothing_that_the_issuer_told_is_kept(self, issuer):
        walk()

        assert SocialAccount.objects.get().extra_data == {}

    @pytest.mark.parametrize("groups", [[], ["football"], None, "football", {"ops": 1}, [["ops"]], [5]])
    def test_unknown_groups_give_no_role_and_no_account(self, issuer, groups):
        issuer.vouches_for["groups"] = groups

        client, answer = walk()

        assert refused(answer)
        assert not is_in(client)
        assert not User.objects.exists()

    def test_without_rules_for_groups_nobody_new_gets_in(self, issuer, settings):
        settings.SIGN_ON_ISSUER = issuer.settings()

        _client, answer = walk()

        assert refused(answer)
        assert not User.objects.exists()

    def test_roles_follow_the_groups_at_every_sign_in(self, issuer):
        walk()
        issuer.vouches_for["groups"] = ["Bosses"]
        walk()

        assert set(roles_of(User.objects.get())) == {"Manager"}

    def test_whoever_lost_the_last_role_stays_outside_without_it(self, issuer):
        walk()
        issuer.vouches_for["groups"] = ["football"]

        client, answer = walk()

        assert refused(answer)
        assert not is_in(client)
        assert not roles_of(User.objects.get())
        assert Entry.objects.filter(verb="person.sign_in_refused").exists()

    def test_the_last_administrator_stays_one(self, issuer):
        issuer.vouches_for["groups"] = ["admins"]
        walk()
        issuer.vouches_for["groups"] = ["ops"]
        walk()

        assert set(roles_of(User.objects.get())) == {"Administrator", "Responder"}

    def test_groups_and_address_may_come_from_userinfo(self, issuer):
        issuer.only_by_userinfo = {"groups", "email", "email_verified"}

        walk()

        assert User.objects.get().email == "ana@example.org"

    def test_groups_may_stand_inside_a_claim(self, issuer, settings):
        settings.SIGN_ON_ISSUER = issuer.settings(roles=ROLES)
        object.__setattr__(settings.SIGN_ON_ISSUER, "groups_claim", "realm_access.roles")
        issuer.vouches_for["realm_access"] = {"roles": ["bosses"]}

        walk()

        assert set(roles_of(User.objects.get())) == {"Manager"}

    def test_a_name_that_somebody_here_has_gets_a_number(self, issuer):
        local = person(Role.ADMINISTRATOR, username="ANA", password=PASSWORD)

        client, _answer = walk()

        assert client.session["_auth_user_id"] != str(local.pk)
        assert User.objects.filter(username="ana-2").exists()

    @pytest.mark.parametrize("name", ["", None, 5, "a\0b", "<script>", "x" * 500, "陈 伟", "\u202egnp"])
    def test_strange_names_become_usable_ones(self, issuer, name):
        issuer.vouches_for |= {"preferred_username": name, "name": name}

        client, _answer = walk()

        made = User.objects.get()
        made.full_clean(exclude=["password"])
        assert is_in(client)

    def test_somebody_closed_here_stays_outside(self, issuer):
        walk()
        User.objects.update(is_active=False)

        client, answer = walk()

        assert answer["Location"] == "/accounts/inactive/"
        assert not is_in(client)

    def test_a_second_factor_of_ours_is_asked_for_too(self, issuer):
        walk()
        TOTP.activate(User.objects.get(), generate_totp_secret())

        client, answer = walk()

        assert answer["Location"] == "/accounts/2fa/authenticate/"
        assert not is_in(client)

    def test_while_locked_the_issuer_does_not_help(self, issuer, settings):
        settings.SIGN_ON_ISSUER = issuer.settings(roles=ROLES, link_by_email=True)
        person(Role.RESPONDER, username="ana", email="ana@example.org", password=PASSWORD)
        client = Client()
        for _each in range(5):
            sign_in(client, "ana", "wrong")

        _client, answer = walk(client)

        assert answer.status_code == 429
        assert not is_in(client)

    def test_after_signing_in_people_are_where_they_wanted_to_be(self, issuer):
        _client, answer = walk(path=f"{GO}?next=/incidents/&process=connect&scope=all&auth_params=prompt%3Dnone")

        assert answer["Location"] == "/incidents/"
        assert "prompt" not in issuer.asked[0]
        assert "all" not in issuer.asked[0]["scope"].split()

    def test_another_house_is_no_place_to_go_to(self, issuer):
        _client, answer = walk(path=f"{GO}?next=https://elsewhere.example/")

        assert answer["Location"] == "/"


@pytest.mark.django_db(transaction=True)
def test_the_same_person_by_two_windows_at_once_is_made_once():
    arrival = Arrival("openid", "1", "ana", "Ana", "", frozenset({"ops"}))
    admission = Admission(roles=ROLES)

    came = at_once(*[lambda: services.come_in(arrival=arrival, admission=admission).username] * 3)

    assert came == ["ana"] * 3
    assert SocialAccount.objects.count() == 1


class TestNoOtherDoor:
    """Closed at the issuer is closed here."""

    def test_no_link_for_a_new_password_is_sent(self, issuer, settings, mailoutbox, django_capture_on_commit_callbacks):
        settings.EMAIL_CONFIGURED = True
        walk()

        with django_capture_on_commit_callbacks(execute=True):
            Client().post("/accounts/password/reset/", {"email": "ana@example.org"})

        assert mailoutbox == []
        assert not Entry.objects.filter(verb="person.password_reset_requested").exists()

    def test_nobody_makes_a_first_password(self, issuer):
        client, _answer = walk()

        answer = client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})

        assert answer.status_code == 403
        assert "Your organisation keeps your password" in answer.content.decode()
        assert not User.objects.get().has_usable_password()

    def test_a_passkey_is_a_second_step_and_does_not_open_alone(self, issuer):
        client, device = Client(SERVER_NAME="localhost"), Device()
        walk(client)
        options = client.get(ADD).context["js_data"]["creation_options"]
        client.post(ADD, {"credential": device.make(options), "passwordless": "on"})
        alone = browser()

        come_in(alone, device)

        assert not is_in(alone)
        assert walk()[1]["Location"] == "/accounts/2fa/authenticate/"

    def test_an_administrator_can_forget_the_identity(self, issuer):
        walk()
        for _twice in range(2):
            services.unlink(person_id=User.objects.get().pk, by="system:tests")

        assert not SocialAccount.objects.exists()
        assert Entry.objects.filter(verb="person.unlinked").count() == 1


class TestAddresses:
    @pytest.fixture
    def ben(self):
        return person(Role.MANAGER, username="ben", email="ana@example.org", password=PASSWORD)

    def test_a_verified_address_links_where_it_is_switched_on(self, issuer, settings, ben):
        settings.SIGN_ON_ISSUER = issuer.settings(link_by_email=True)

        client, _answer = walk()

        assert client.session["_auth_user_id"] == str(ben.pk)
        assert set(roles_of(User.objects.get())) == {"Manager"}

    def test_it_does_not_where_it_is_not(self, issuer, ben):
        client, _answer = walk()

        assert client.session["_auth_user_id"] != str(ben.pk)
        assert User.objects.get(username="ana").email == ""

    @pytest.mark.parametrize("verified", [False, None, "true", 1])
    def test_an_address_that_is_not_verified_links_nobody(self, issuer, settings, ben, verified):
        settings.SIGN_ON_ISSUER = issuer.settings(roles=ROLES, link_by_email=True)
        issuer.vouches_for["email_verified"] = verified

        client, _answer = walk()

        assert client.session["_auth_user_id"] != str(ben.pk)
        assert User.objects.get(username="ana").email == ""

    @pytest.mark.parametrize("change", [{"is_superuser": True}, {"is_active": False}])
    def test_the_break_glass_account_and_closed_ones_are_never_linked(self, issuer, settings, ben, change):
        settings.SIGN_ON_ISSUER = issuer.settings(link_by_email=True)
        User.objects.update(**change)

        _client, answer = walk()

        assert refused(answer)
        assert not SocialAccount.objects.exists()

    def test_a_person_belongs_to_one_identity_of_the_issuer(self, issuer, settings, ben):
        settings.SIGN_ON_ISSUER = issuer.settings(link_by_email=True)
        walk()
        issuer.vouches_for["sub"] = "another"

        _client, answer = walk()

        assert refused(answer)
        assert SocialAccount.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "gets_in"),
        [({}, True), ({"email": "ana@elsewhere.example"}, False), ({"email_verified": False}, False)],
    )
    def test_only_verified_addresses_of_the_domains_get_in(self, issuer, settings, change, gets_in):
        settings.SIGN_ON_ISSUER = issuer.settings(roles=ROLES, email_domains=("example.org",))
        issuer.vouches_for |= change

        client, _answer = walk()

        assert is_in(client) is gets_in


class TestTheSignInPage:
    def test_names_the_house(self, issuer):
        page = Client().get("/accounts/login/?next=/incidents/").content.decode()

        assert "Sign in with House" in page
        assert f'href="{GO}?next=/incidents/"' in page

    def test_without_an_issuer_there_is_nothing(self):
        assert GO not in Client().get("/accounts/login/").content.decode()
        assert Client().get(GO).status_code == 404
        assert Client().get(BACK).status_code == 404
