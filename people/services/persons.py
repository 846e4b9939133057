"""Who is here, and what they are here for."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.versions import check_version, raise_version
from ledger.services import Actor, record
from people.choices import Role, Theme
from people.errors import (
    AccountEnded,
    AdministratorExists,
    EndsInThePast,
    IsAProgram,
    LastAdministrator,
    UnknownRole,
    WasAnonymised,
    WrongDetails,
)
from people.models import User
from people.selectors import has_ended, today, with_role
from people.services.absences import end_absences_of
from people.services.keys import revoke_own_keys
from people.services.sessions import end_sessions

PersonId = uuid.UUID | str


@transaction.atomic
def create_person(
    *,
    username: str,
    name: str,
    by: Actor,
    email: str = "",
    roles: Iterable[str] = (),
    password: str | None = None,
    language: str = "",
    time_zone: str = "",
    ends_on: date | None = None,
) -> User:
    """Let a person in. Without a password they make one by “forgotten password”.

    ends_on: the last day on which they may sign in; None: until somebody ends it.
    Raises WrongDetails (with `fields`), UnknownRole or EndsInThePast.
    """
    if ends_on is not None and ends_on < today(timezone.now()):
        raise EndsInThePast
    person = User(
        username=username.strip(),
        name=name.strip(),
        email=email.strip().lower(),
        language=language,
        time_zone=time_zone,
        ends_on=ends_on,
    )
    _check_details(person, password)
    wanted = _known(roles)
    person.set_password(password)
    person.is_staff = Role.ADMINISTRATOR in wanted
    person.save()
    person.groups.set(_groups(wanted))
    record(
        verb="person.created",
        subject=person,
        actor=by,
        data={"roles": sorted(wanted), "ends_on": ends_on} if ends_on else {"roles": sorted(wanted)},
    )
    return person


def create_first_administrator(*, username: str, name: str, password: str, email: str = "", by: Actor) -> User:
    """The administrator of a new installation. Raises AdministratorExists when there is one."""
    with transaction.atomic():
        existing = with_role(Role.ADMINISTRATOR).first()
        if existing:
            raise AdministratorExists(person=existing)
        return create_person(
            username=username, name=name, email=email, password=password, roles=[Role.ADMINISTRATOR], by=by
        )


@transaction.atomic
def change_details(*, person_id: PersonId, by: Actor, version: int | None = None, **details: str) -> User:
    """Change name, sign-in name, e-mail, language or time zone.

    details: any of username, name, email, language, time_zone.  Raises WrongDetails or Stale.
    """
    person = _locked(person_id, version)
    before = {name: getattr(person, name) for name in details}
    for name, value in details.items():
        setattr(person, name, value.strip().lower() if name == "email" else value.strip())
    _check_details(person, None)
    raise_version(person).save(update_fields=[*details, "version"])
    changed = sorted(name for name in details if before[name] != getattr(person, name))
    record(verb="person.changed", subject=person, actor=by, data={"fields": changed})
    return person


@transaction.atomic
def set_roles(*, person_id: PersonId, roles: Iterable[str], by: Actor, version: int | None = None) -> User:
    """Give a person exactly these roles. Administrators may use the admin.

    Who loses a role is signed out everywhere, and own keys with that role end.
    Raises UnknownRole, IsAProgram, LastAdministrator or Stale. The same roles again change nothing.
    """
    person = _locked(person_id, version)
    if person.is_machine:
        raise IsAProgram(person=person)
    wanted = _known(roles)
    before = set(person.groups.values_list("name", flat=True)) & set(Role.values)
    if wanted == before and person.is_staff == (Role.ADMINISTRATOR in wanted or person.is_superuser):
        return person
    if Role.ADMINISTRATOR not in wanted:
        check_not_the_last(person)
    person.groups.set(_groups(wanted))
    person.is_staff = Role.ADMINISTRATOR in wanted or person.is_superuser
    raise_version(person).save(update_fields=["is_staff", "version"])
    record(
        verb="person.roles_changed", subject=person, actor=by, data={"before": sorted(before), "after": sorted(wanted)}
    )
    if lost := before - wanted:
        end_sessions(person=person, by=by)
        revoke_own_keys(person=person, by=by, roles=lost)
    return person


@transaction.atomic
def deactivate(*, person_id: PersonId, by: Actor) -> User:
    """Nobody signs in as this person any more; open sessions and keys end at once. The rows stay.

    Raises LastAdministrator. The second call does nothing.
    """
    person = _locked(person_id, None)
    if not person.is_active:
        return person
    check_not_the_last(person)
    person.is_active = False
    raise_version(person).save(update_fields=["is_active", "version"])
    record(verb="person.deactivated", subject=person, actor=by)
    end_sessions(person=person, by=by)
    revoke_own_keys(person=person, by=by)
    end_absences_of(person, by)
    return person


@transaction.atomic
def reactivate(*, person_id: PersonId, by: Actor) -> User:
    """Let a person sign in again. The second call does nothing. Raises WasAnonymised or AccountEnded."""
    person = _locked(person_id, None)
    if person.is_active:
        return person
    if person.anonymised_at is not None:
        raise WasAnonymised
    if has_ended(person):
        raise AccountEnded(person=person)
    person.is_active = True
    raise_version(person).save(update_fields=["is_active", "version"])
    record(verb="person.reactivated", subject=person, actor=by)
    return person


def set_preferences(*, person: User, **chosen: str) -> User:
    """How the product looks to this person: language, theme, time_zone. Empty means as device or organisation.

    Raises WrongDetails. Not in the ledger: nobody else is touched by it.
    """
    for name, value in chosen.items():
        setattr(person, name, value)
    _check_preferences(person)
    person.save(update_fields=list(chosen))
    return person


def _locked(person_id: PersonId, version: int | None) -> User:
    person = User.objects.select_for_update().get(pk=person_id)
    check_version(person, version)
    return person


def _check_details(person: User, password: str | None) -> None:
    """Raises WrongDetails for what the model or the password rules refuse."""
    wrong: dict[str, list[str]] = {}
    try:
        person.full_clean(exclude=["password"])
    except ValidationError as error:
        wrong |= {name: [str(sentence) for sentence in sentences] for name, sentences in error.message_dict.items()}
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as error:
            wrong["password"] = [str(sentence) for sentence in error.messages]
    if wrong:
        raise WrongDetails(fields=wrong)
    _check_preferences(person)


def _check_preferences(person: User) -> None:
    wrong = {}
    if person.language not in {"", *dict(settings.LANGUAGES)}:
        wrong["language"] = [_("Holdfast does not speak this language.")]
    if person.time_zone and person.time_zone not in available_timezones():
        wrong["time_zone"] = [_("This is not a time zone. Give a name such as Europe/Berlin.")]
    if person.theme not in Theme.values:
        wrong["theme"] = [_("There is no such theme.")]
    if wrong:
        raise WrongDetails(fields=wrong)


def _known(roles: Iterable[str]) -> set[str]:
    wanted = {str(role) for role in roles}
    for role in sorted(wanted - set(Role.values)):
        raise UnknownRole(role=role, roles=", ".join(Role.values))
    return wanted


def _groups(roles: set[str]) -> list[Any]:
    return [Group.objects.get_or_create(name=role)[0] for role in sorted(roles)]


def check_not_the_last(person: User) -> None:
    """Raises LastAdministrator: one whose account does not end must be left.

    Locks the group, so that two administrators cannot end each other at once.
    """
    Group.objects.select_for_update().filter(name=Role.ADMINISTRATOR).first()
    administrators = with_role(Role.ADMINISTRATOR).filter(ends_on__isnull=True)
    if administrators.filter(pk=person.pk).exists() and not administrators.exclude(pk=person.pk).exists():
        raise LastAdministrator(person=person)
