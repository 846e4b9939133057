"""Letting people in, and what they are here for."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from common.errors import Stale
from ledger.models import Entry
from people import services
from people.choices import Role
from people.errors import AdministratorExists, IsAProgram, LastAdministrator, UnknownRole, WrongDetails
from people.models import User
from people.selectors import roles_of, with_role
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db


def test_every_role_is_a_group_and_only_administrators_have_permissions():
    assert set(Role.values) <= set(Group.objects.values_list("name", flat=True))
    permissions = {role: Group.objects.get(name=role).permissions.count() for role in Role.values}

    assert permissions.pop(Role.ADMINISTRATOR) > 40
    assert set(permissions.values()) == {0}


def test_the_next_migration_repairs_the_groups():
    Group.objects.get(name=Role.ADMINISTRATOR).permissions.clear()
    Group.objects.get(name=Role.REPORTER).permissions.add(Permission.objects.first())
    Group.objects.filter(name=Role.AUDITOR).delete()

    call_command("migrate", verbosity=0)

    assert Group.objects.get(name=Role.ADMINISTRATOR).permissions.filter(codename="change_user").exists()
    assert not Group.objects.get(name=Role.REPORTER).permissions.exists()
    assert Group.objects.filter(name=Role.AUDITOR).exists()


def test_a_person_is_stored_with_roles_and_an_entry_that_names_no_address():
    made = person(Role.RESPONDER, Role.REVIEWER, username="ana", email=" Ana@Example.ORG ")

    assert made.email == "ana@example.org"
    assert roles_of(made) == {"Responder", "Reviewer"}
    entry = Entry.objects.get(verb="person.created", subject_id=str(made.pk))
    assert entry.data == {"roles": ["Responder", "Reviewer"]}


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "a\0b"}, "username"),
        ({"username": "x" * 61}, "username"),
        ({"name": ""}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": "nothing"}, "email"),
        ({"email": "TAKEN@example.org"}, "__all__"),
        ({"username": "TAKEN"}, "__all__"),
        ({"password": "short"}, "password"),
        ({"password": "123456789012"}, "password"),
        ({"language": "tlh"}, "language"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
    ],
)
def test_details_that_cannot_be_are_refused_by_name_and_nobody_is_made(details, field):
    person(username="taken", email="taken@example.org")

    with pytest.raises(WrongDetails) as refused:
        person(**details)

    assert field in refused.value.fields
    assert User.objects.count() == 1


def test_an_unknown_role_is_refused_and_nobody_is_made():
    with pytest.raises(UnknownRole):
        person("King")

    assert not User.objects.exists()


def test_roles_are_exactly_what_was_given_and_only_administrators_use_the_admin():
    person(Role.ADMINISTRATOR)
    ana = person(Role.ADMINISTRATOR)

    services.set_roles(person_id=ana.pk, roles=[Role.AUDITOR], by="system:tests")

    fresh = User.objects.get(pk=ana.pk)
    assert roles_of(fresh) == {"Auditor"}
    assert not fresh.is_staff
    entry = Entry.objects.get(verb="person.roles_changed")
    assert entry.data == {"before": ["Administrator"], "after": ["Auditor"]}


def test_the_same_roles_again_change_nothing():
    ana = person(Role.AUDITOR)

    services.set_roles(person_id=ana.pk, roles=[Role.AUDITOR], by="system:tests")

    assert User.objects.get(pk=ana.pk).version == ana.version
    assert not Entry.objects.filter(verb="person.roles_changed").exists()


def test_the_last_administrator_can_neither_be_made_less_nor_sent_away():
    ana = person(Role.ADMINISTRATOR)

    with pytest.raises(LastAdministrator):
        services.set_roles(person_id=ana.pk, roles=[Role.REPORTER], by=ana)
    with pytest.raises(LastAdministrator):
        services.deactivate(person_id=ana.pk, by=ana)

    assert with_role(Role.ADMINISTRATOR).count() == 1


def test_roles_of_a_program_are_its_keys():
    program = services.create_api_key(name="robot", role=Role.RESPONDER, by="system:tests").row.user

    with pytest.raises(IsAProgram):
        services.set_roles(person_id=program.pk, roles=[Role.ADMINISTRATOR], by="system:tests")
    with pytest.raises(IsAProgram):
        services.set_password(person_id=program.pk, password=PASSWORD, by="system:tests")


def test_a_change_made_on_an_old_version_is_refused():
    ana = person(username="ana")
    services.change_details(person_id=ana.pk, name="Ana B", by="system:tests", version=1)

    with pytest.raises(Stale):
        services.change_details(person_id=ana.pk, name="Ana C", by="system:tests", version=1)

    assert User.objects.get(pk=ana.pk).name == "Ana B"


def test_sending_away_and_back_is_in_the_ledger_once_each():
    ana = person()
    for verb in (services.deactivate, services.reactivate):
        verb(person_id=ana.pk, by="system:tests")
        verb(person_id=ana.pk, by="system:tests")

    verbs = Entry.objects.filter(subject_id=str(ana.pk)).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["person.created", "person.deactivated", "person.reactivated"]


def test_the_database_itself_refuses_two_people_of_one_name_or_address_and_capital_addresses():
    ana, ben = person(username="ana", email="ana@example.org"), person(username="ben")

    for change in ({"username": "ANA"}, {"email": "ana@example.org"}, {"email": "Ben@example.org"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=ben.pk).update(**change)
    assert User.objects.get(pk=ana.pk).username == "ana"


def test_the_first_administrator_is_made_by_command_once(monkeypatch, capsys):
    monkeypatch.setenv("FIRST_ADMIN_PASSWORD", PASSWORD)

    call_command("first_admin", "--username", "root", "--name", "Ana")

    ana = with_role(Role.ADMINISTRATOR).get()
    assert ana.check_password(PASSWORD)
    assert ana.is_staff
    assert not ana.is_superuser
    with pytest.raises(CommandError, match="administrator already"):
        call_command("first_admin", "--username", "other", "--name", "Ben")
    with pytest.raises(AdministratorExists):
        services.create_first_administrator(username="x", name="X", password=PASSWORD, by="system:tests")


def test_the_command_refuses_a_weak_password_in_words(monkeypatch):
    monkeypatch.setenv("FIRST_ADMIN_PASSWORD", "short")

    with pytest.raises(CommandError, match="password"):
        call_command("first_admin", "--username", "root", "--name", "Ana")

    assert not User.objects.exists()
