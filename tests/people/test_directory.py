"""Sign-in by a real directory server: who gets in, with which roles; nobody by tricks, nobody when it is away."""

from datetime import date

import pytest
from django.test import Client

from ledger.models import Entry
from people.adapters import directory as adapter
from people.adapters.backends import DirectoryBackend
from people.choices import Role
from people.errors import DirectoryAway
from people.models import User
from people.selectors import roles_of
from tests.people.test_sign_in import sign_in
from tests.support.directory import BASE, House
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db

ROLES = {"ops": "Responder", f"cn=all,ou=groups,{BASE}": "Auditor"}


@pytest.fixture(scope="session")
def _house(tmp_path_factory) -> House:
    return House(tmp_path_factory.mktemp("directory"))


@pytest.fixture
def house(_house, settings) -> House:
    _house.binds.clear()
    settings.DIRECTORY = _house.settings(roles=ROLES)
    return _house


def try_as(name: str, password: str) -> Client:
    client = Client()
    client.answer = sign_in(client, name, password)  # type: ignore[attr-defined]
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class TestWhoGetsIn:
    def test_a_group_with_a_role_lets_somebody_new_in(self, house):
        client = try_as("ana", "ana-knows")

        ana = User.objects.get(username="ana")
        assert client.session["_auth_user_id"] == str(ana.pk)
        assert (ana.name, ana.email, set(roles_of(ana))) == ("Ana Ivanova", "ana@example.org", {"Responder"})
        assert not ana.has_usable_password()

    def test_by_address_it_is_the_same_person(self, house):
        try_as("ana", "ana-knows")

        client = try_as("ANA@example.org", "ana-knows")

        assert client.session["_auth_user_id"] == str(User.objects.get().pk)

    def test_groups_in_groups_count_in_active_directory(self, house, settings):
        settings.DIRECTORY = house.settings(is_ad=True, roles=ROLES)

        try_as("ana", "ana-knows")

        assert set(roles_of(User.objects.get())) == {"Responder", "Auditor"}

    def test_a_chinese_name_stays_one(self, house):
        try_as("cai", "cai-knows")

        assert User.objects.get().name == "蔡 明"

    @pytest.mark.parametrize(
        ("name", "password"),
        [("ana", "wrong"), ("ana", ""), ("ana", "\0"), ("nobody", "x"), ("", "x"), ("reader", "reads-only")],
    )
    def test_a_wrong_password_or_name_does_not(self, house, name, password):
        assert not is_in(try_as(name, password))
        assert not User.objects.exists()

    def test_an_empty_password_is_never_sent(self, house):
        assert adapter.arrive(house.settings(), "ana", "") is None
        assert house.binds == []

    @pytest.mark.parametrize("name", ["*", "an*", "ana)(uid=*", "*)(|(uid=*", "ana\\2a", "\\", "(", "ana\0", "x" * 255])
    def test_what_is_typed_is_no_filter(self, house, name):
        assert not is_in(try_as(name, "ana-knows"))
        assert not User.objects.exists()

    def test_signs_of_filters_in_a_name_are_meant(self, house):
        assert is_in(try_as("ben*", "ben-knows"))

    def test_an_address_that_two_entries_have_is_nobodys(self, house):
        assert not is_in(try_as("twin@example.org", "cai-knows"))

    def test_a_disabled_account_stays_outside_whatever_its_password(self, house, settings):
        settings.DIRECTORY = house.settings(is_ad=True, roles={}, link_by_email=True)

        assert adapter.arrive(settings.DIRECTORY, "dora", "dora-knows") is None

    def test_without_a_role_nobody_new_gets_in(self, house, settings):
        settings.DIRECTORY = house.settings(roles={"bosses": "Manager"})

        assert not is_in(try_as("ana", "ana-knows"))
        assert not User.objects.exists()

    def test_roles_that_were_lost_are_gone_at_the_next_sign_in(self, house, settings):
        try_as("ana", "ana-knows")
        settings.DIRECTORY = house.settings(roles={"bosses": "Manager"})

        client = try_as("ana", "ana-knows")

        assert not is_in(client)
        assert not roles_of(User.objects.get())

    def test_what_happened_is_in_the_ledger(self, house):
        try_as("ana", "ana-knows")

        verbs = set(Entry.objects.filter(subject_id=str(User.objects.get().pk)).values_list("verb", flat=True))
        assert {"person.created", "person.linked", "person.signed_in"} <= verbs
        assert Entry.objects.get(verb="person.signed_in").data == {"way": "directory"}


class TestPeopleOfOurOwn:
    @pytest.fixture
    def ana(self):
        return person(Role.MANAGER, username="ana", email="ana@example.org", password=PASSWORD)

    def test_are_not_taken_over_by_an_entry_of_the_same_name(self, house, ana):
        assert not is_in(try_as("ana", "ana-knows"))

    def test_and_what_they_type_is_not_shown_to_the_directory(self, house, ana):
        try_as("ana", "wrong")

        assert house.binds == []

    def test_are_linked_by_address_where_it_is_switched_on(self, house, settings, ana):
        settings.DIRECTORY = house.settings(link_by_email=True)

        client = try_as("ana", "ana-knows")

        assert client.session["_auth_user_id"] == str(ana.pk)
        assert set(roles_of(User.objects.get())) == {"Manager"}


class TestTheLockOut:
    def test_counts_the_directorys_passwords_too(self, house):
        answers = [try_as("ana", "wrong").answer.status_code for _each in range(5)]

        assert answers[-1] == 429
        assert not is_in(try_as("ana", "ana-knows"))
        assert len([dn for dn, _password in house.binds if b"ana" in dn]) == 5

    def test_does_not_count_while_the_directory_is_away(self, house, settings):
        settings.DIRECTORY = house.settings((9, "tls"), roles=ROLES)
        answers = [try_as("ana", "ana-knows").answer for _each in range(6)]

        assert {answer.status_code for answer in answers} == {200}
        assert "The directory does not answer" in answers[-1].content.decode()
        settings.DIRECTORY = house.settings(roles=ROLES)
        assert is_in(try_as("ana", "ana-knows"))

    def test_counts_passwords_of_our_own_while_the_directory_is_away(self, house, settings):
        settings.DIRECTORY = house.settings((9, "tls"), link_by_email=True)
        person(Role.MANAGER, username="local", password=PASSWORD)

        assert is_in(try_as("local", PASSWORD))
        assert [try_as("local", "wrong").answer.status_code for _each in range(5)][-1] == 429


class TestServers:
    @pytest.mark.parametrize("way", ["tls", "starttls", ""])
    def test_each_way_of_reaching_it(self, house, settings, way):
        settings.DIRECTORY = house.settings((house.tls if way == "tls" else house.plain, way), roles=ROLES)

        assert is_in(try_as("ana", "ana-knows"))

    def test_the_next_one_is_asked_when_one_is_away(self, house, settings):
        settings.DIRECTORY = house.settings((9, "tls"), (house.tls, "tls"), roles=ROLES)

        assert is_in(try_as("ana", "ana-knows"))

    def test_a_wrong_password_is_not_tried_at_the_next_one(self, house, settings):
        settings.DIRECTORY = house.settings((house.tls, "tls"), (house.plain, "starttls"), roles=ROLES)

        try_as("ana", "wrong")

        assert len([dn for dn, _password in house.binds if b"ana" in dn]) == 1

    def test_one_that_does_not_answer_is_passed_over_in_time(self, house, settings, monkeypatch):
        monkeypatch.setattr(adapter, "ANSWER_SECONDS", 1)
        settings.DIRECTORY = house.settings((house.silent, ""), (house.tls, "tls"), roles=ROLES)

        assert is_in(try_as("ana", "ana-knows"))

    def test_a_certificate_of_another_name_is_refused(self, house):
        with pytest.raises(DirectoryAway):
            adapter.arrive(house.settings((house.stranger, "tls")), "ana", "ana-knows")

        assert house.binds == []

    @pytest.mark.parametrize("way", ["tls", "starttls"])
    def test_a_certificate_by_somebody_unknown_is_refused(self, house, way):
        told = house.settings((house.tls if way == "tls" else house.plain, way))
        object.__setattr__(told, "ca_file", "")

        with pytest.raises(DirectoryAway):
            adapter.arrive(told, "ana", "ana-knows")

        assert house.binds == []

    @pytest.mark.parametrize(
        "wrong", [{"bind_password": "wrong"}, {"base": "dc=nowhere"}, {"group_base": "dc=nowhere"}]
    )
    def test_wrong_settings_are_no_wrong_password(self, house, wrong):
        told = house.settings()
        for name, value in wrong.items():
            object.__setattr__(told, name, value)

        with pytest.raises(DirectoryAway):
            adapter.arrive(told, "ana", "ana-knows")

    def test_a_directory_on_the_loopback_only_where_that_is_allowed(self, house, settings):
        settings.OUTGOING_LOOPBACK = False

        with pytest.raises(DirectoryAway):
            adapter.arrive(house.settings(), "ana", "ana-knows")


@pytest.mark.parametrize("change", [{"is_active": False}, {"ends_on": date(2020, 1, 1)}], ids=["closed", "ended"])
def test_a_session_is_nobodys_once_the_account_is_closed(change):
    ana = person(Role.RESPONDER)
    assert DirectoryBackend().get_user(ana.pk) == ana
    User.objects.filter(pk=ana.pk).update(**change)
    assert DirectoryBackend().get_user(ana.pk) is None


def test_an_identity_of_active_directory_is_written_as_it_writes_it(house):
    assert adapter._identity({"dn": "cn=x", "objectguid": [bytes(range(16))]}) == "03020100-0504-0706-0809-0a0b0c0d0e0f"
