"""Teams, their members, and who answers for whom."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from common.versions import check_version, raise_version
from ledger.services import Actor, Note, record, record_many
from people.errors import ManagerCircle, NotAPerson, WrongDetails
from people.models import Membership, Team, User

#: The lock under which managers change, so that two changes cannot close a circle between them.
MANAGERS_LOCK = 0x_B055_0001


@transaction.atomic
def add_team(
    *, name: str, by: Actor, description: str = "", manager: User | None = None, members: Iterable[User] = ()
) -> Team:
    """Name people who work together. Raises WrongDetails or NotAPerson."""
    team = Team(name=name.strip(), description=description.strip(), manager=manager)
    _check(team)
    team.save(force_insert=True)
    record(verb="team.added", subject=team, actor=by, data={"manager": _id(manager)})
    _set_members(team, members, by)
    return team


@transaction.atomic
def change_team(*, team_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Any) -> Team:
    """Change name, description, manager or all of the members.

    details: any of name, description, manager (User or None), members (people).
    Raises WrongDetails, NotAPerson or Stale.
    """
    team = _locked(team_id, version)
    members = details.pop("members", None)
    before = {name: getattr(team, name) for name in details}
    for name, value in details.items():
        setattr(team, name, value.strip() if isinstance(value, str) else value)
    _check(team)
    raise_version(team).save(update_fields=[*details, "version"])
    if changed := sorted(name for name in details if before[name] != getattr(team, name)):
        data: dict[str, Any] = {"fields": changed}
        if "manager" in changed:
            data |= {"before": _id(before["manager"]), "after": _id(team.manager)}
        record(verb="team.changed", subject=team, actor=by, data=data)
    if members is not None:
        _set_members(team, members, by)
    return team


@transaction.atomic
def retire_team(*, team_id: uuid.UUID | str, by: Actor) -> Team:
    """Take a team out of use: nobody belongs together by it any more. The second call does nothing."""
    return _put(team_id, is_active=False, verb="team.retired", by=by)


@transaction.atomic
def bring_back_team(*, team_id: uuid.UUID | str, by: Actor) -> Team:
    """Put a team back into use, with the members it had. The second call does nothing."""
    return _put(team_id, is_active=True, verb="team.brought_back", by=by)


@transaction.atomic
def add_member(*, team_id: uuid.UUID | str, person: User, by: Actor) -> Membership:
    """Put a person into a team. The second call changes nothing. Raises NotAPerson."""
    team = _locked(team_id, None)
    _check_is_here(person)
    membership, is_new = Membership.objects.get_or_create(team=team, person=person)
    if is_new:
        raise_version(team).save(update_fields=["version"])
        record(verb="membership.added", subject=membership, actor=by, data=_named(membership))
    return membership


@transaction.atomic
def remove_member(*, team_id: uuid.UUID | str, person: User, by: Actor) -> None:
    """Take a person out of a team. The second call changes nothing."""
    team = _locked(team_id, None)
    membership = Membership.objects.filter(team=team, person=person).first()
    if membership is not None:
        raise_version(team).save(update_fields=["version"])
        record(verb="membership.removed", subject=membership, actor=by, data=_named(membership))
        membership.delete()


@transaction.atomic
def set_manager(*, person_id: uuid.UUID | str, manager: User | None, by: Actor, version: int | None = None) -> User:
    """Say who answers for a person. Raises NotAPerson, ManagerCircle or Stale. The same again changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MANAGERS_LOCK])
    person = User.objects.select_for_update(of=["self"]).select_related("manager").get(pk=person_id)
    check_version(person, version)
    if person.manager == manager:
        return person
    if person.is_machine:
        raise NotAPerson(person=person)
    _check_manager(person, manager)
    before, person.manager = person.manager_id, manager
    raise_version(person).save(update_fields=["manager", "version"])
    data = {"before": str(before) if before else None, "after": _id(manager)}
    record(verb="person.manager_changed", subject=person, actor=by, data=data)
    return person


def _check_manager(person: User, manager: User | None) -> None:
    if manager is None:
        return
    _check_is_here(manager)
    above: uuid.UUID | None = manager.pk
    seen: set[uuid.UUID] = set()
    while above is not None and above not in seen:
        if above == person.pk:
            raise ManagerCircle(manager=manager, person=person)
        seen.add(above)
        above = User.objects.values_list("manager_id", flat=True).get(pk=above)


def _check(team: Team) -> None:
    try:
        team.full_clean(exclude=["members"])
    except ValidationError as error:
        wrong = {name: [str(sentence) for sentence in found] for name, found in error.message_dict.items()}
        raise WrongDetails(fields=wrong) from error
    if team.manager is not None:
        _check_is_here(team.manager)


def _check_is_here(person: User) -> None:
    if person.is_machine or not person.is_active:
        raise NotAPerson(person=person)


def _set_members(team: Team, members: Iterable[User], by: Actor) -> None:
    wanted = {person.pk: person for person in members}
    present = {each.person_id: each for each in team.memberships.select_related("person")}
    for pk in wanted.keys() - present.keys():
        _check_is_here(wanted[pk])
    gone = [present[pk] for pk in sorted(present.keys() - wanted.keys())]
    come = [Membership(team=team, person=wanted[pk]) for pk in sorted(wanted.keys() - present.keys())]
    Membership.objects.bulk_create(come)
    notes = [
        *(Note("membership.removed", each, _named(each)) for each in gone),
        *(Note("membership.added", each, _named(each)) for each in come),
    ]
    if notes:
        record_many(notes=notes, actor=by)
    Membership.objects.filter(pk__in=[each.pk for each in gone]).delete()


def _put(team_id: uuid.UUID | str, *, is_active: bool, verb: str, by: Actor) -> Team:
    team = _locked(team_id, None)
    if team.is_active != is_active:
        team.is_active = is_active
        raise_version(team).save(update_fields=["is_active", "version"])
        record(verb=verb, subject=team, actor=by)
    return team


def _locked(team_id: uuid.UUID | str, version: int | None) -> Team:
    team = Team.objects.select_for_update(of=["self"]).select_related("manager").get(pk=team_id)
    check_version(team, version)
    return team


def _named(membership: Membership) -> dict[str, str]:
    return {"team": str(membership.team_id), "person": str(membership.person_id)}


def _id(person: User | None) -> str | None:
    return str(person.pk) if person else None
