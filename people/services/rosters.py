"""Rosters and their rotations: who has which duty in turn."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common.versions import check_version, raise_version
from ledger.services import Actor, record
from people.errors import CannotBeOnDuty, NotAPerson, RosterInUse, WrongDuty
from people.models import Participant, Roster, Rotation, User
from people.selectors import works

MOST_ROTATIONS = 20
MOST_TURNS = 100


@transaction.atomic
def add_roster(
    *,
    name: str,
    time_zone: str,
    by: Actor,
    description: str = "",
    manager: User | None = None,
    tells_hand_over: bool = False,
) -> Roster:
    """Name a duty. Nobody has it before there is a rotation. Raises WrongDuty or NotAPerson."""
    roster = Roster(
        name=name.strip(),
        description=description.strip(),
        time_zone=time_zone,
        manager=manager,
        tells_hand_over=tells_hand_over,
    )
    _check_roster(roster)
    roster.save(force_insert=True)
    record(verb="roster.added", subject=roster, actor=by, data={"zone": time_zone, "manager": _id(manager)})
    return roster


@transaction.atomic
def change_roster(*, roster_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Any) -> Roster:
    """Change name, description, zone, manager, or whether hand-overs are told.

    Another zone moves every hand-over. Raises WrongDuty, NotAPerson or Stale.
    """
    roster = lock_roster(roster_id, version)
    before = {name: getattr(roster, name) for name in details}
    for name, value in details.items():
        setattr(roster, name, value.strip() if isinstance(value, str) else value)
    _check_roster(roster)
    changed = sorted(name for name in details if before[name] != getattr(roster, name))
    if changed:
        raise_version(roster).save(update_fields=[*details, "version"])
        record(verb="roster.changed", subject=roster, actor=by, data={"fields": changed})
    return roster


@transaction.atomic
def retire_roster(*, roster_id: uuid.UUID | str, by: Actor) -> Roster:
    """Take a roster out of use. The second call does nothing. Raises RosterInUse while a policy calls by it."""
    roster = lock_roster(roster_id)
    step = roster.steps.filter(policy__is_active=True).select_related("policy").first()
    if step is not None:
        raise RosterInUse(policy=step.policy)
    return _put(roster, is_active=False, verb="roster.retired", by=by)


@transaction.atomic
def bring_back_roster(*, roster_id: uuid.UUID | str, by: Actor) -> Roster:
    """Put a roster back into use. The second call does nothing."""
    return _put(lock_roster(roster_id), is_active=True, verb="roster.brought_back", by=by)


@transaction.atomic
def add_rotation(*, roster_id: uuid.UUID | str, people: Iterable[User], by: Actor, **details: Any) -> Rotation:
    """Let these people have the duty in turn, in their order.

    details: columns of Rotation.  Raises WrongDuty, NotAPerson or CannotBeOnDuty.
    """
    roster = lock_roster(roster_id)
    if roster.rotations.count() >= MOST_ROTATIONS:
        raise WrongDuty(fields={"roster": [_("A roster has at most %(count)s rotations.") % {"count": MOST_ROTATIONS}]})
    rotation = Rotation(roster=roster, **_stripped(details))
    turns = list(people)
    _check_rotation(rotation, turns)
    rotation.save(force_insert=True)
    _set_turns(rotation, turns)
    raise_version(roster).save(update_fields=["version"])
    record(verb="rotation.added", subject=rotation, actor=by, data=_told(rotation, turns))
    return rotation


@transaction.atomic
def change_rotation(
    *,
    rotation_id: uuid.UUID | str,
    by: Actor,
    version: int | None = None,
    people: Iterable[User] | None = None,
    **details: Any,
) -> Rotation:
    """Turn otherwise. people: all of them in their order; None leaves them.

    Raises WrongDuty, NotAPerson, CannotBeOnDuty or Stale.
    """
    rotation = Rotation.objects.select_for_update(of=["self"]).select_related("roster").get(pk=rotation_id)
    check_version(rotation, version)
    for name, value in _stripped(details).items():
        setattr(rotation, name, value)
    present = [each.person for each in rotation.participants.select_related("person").order_by("position")]
    turns = present if people is None else list(people)
    _check_rotation(rotation, turns, known=present)
    raise_version(rotation).save(update_fields=[*details, "version"])
    if turns != present:
        _set_turns(rotation, turns)
    record(verb="rotation.changed", subject=rotation, actor=by, data=_told(rotation, turns))
    return rotation


@transaction.atomic
def remove_rotation(*, rotation_id: uuid.UUID | str, by: Actor) -> None:
    """These people do not have the duty in turn any more. Raises Rotation.DoesNotExist."""
    rotation = Rotation.objects.select_for_update(of=["self"]).select_related("roster").get(pk=rotation_id)
    turns = [each.person for each in rotation.participants.select_related("person")]
    record(verb="rotation.removed", subject=rotation, actor=by, data=_told(rotation, turns))
    rotation.delete()


def lock_roster(roster_id: uuid.UUID | str, version: int | None = None) -> Roster:
    """The roster, held until the transaction ends. Raises Roster.DoesNotExist or Stale."""
    roster = Roster.objects.select_for_update(of=["self"]).select_related("manager").get(pk=roster_id)
    check_version(roster, version)
    return roster


def check_can_be_on_duty(person: User) -> None:
    """Raises NotAPerson or CannotBeOnDuty: whoever is called must be able to take an incident over."""
    if person.is_machine or not person.is_active:
        raise NotAPerson(person=person)
    if not works(person):
        raise CannotBeOnDuty(person=person)


def check_columns(row: Any, *, exclude: Iterable[str] = ()) -> None:
    """Raises WrongDuty with the sentences of the columns and constraints."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        wrong = {name: [str(sentence) for sentence in found] for name, found in error.message_dict.items()}
        raise WrongDuty(fields=wrong) from error


def _check_roster(roster: Roster) -> None:
    check_columns(roster)
    if roster.time_zone not in available_timezones():
        raise WrongDuty(fields={"time_zone": [_("This machine does not know this time zone.")]})
    if roster.manager is not None and (roster.manager.is_machine or not roster.manager.is_active):
        raise NotAPerson(person=roster.manager)


def _check_rotation(rotation: Rotation, turns: list[User], known: Iterable[User] = ()) -> None:
    check_columns(rotation, exclude=["people"])
    wrong: dict[str, list[str]] = {}
    if not turns or len(turns) > MOST_TURNS:
        wrong["people"] = [_("Name from 1 to %(count)s people, in the order of their turns.") % {"count": MOST_TURNS}]
    days = rotation.weekdays
    if not isinstance(days, list) or not days or any(type(day) is not int or not 0 <= day <= 6 for day in days):
        wrong["weekdays"] = [_("Name at least one day of the week.")]
    for name in ("starts_on", "ends_on"):
        day = getattr(rotation, name)
        if day is not None and not 2000 <= day.year <= 2200:
            wrong[name] = [_("This day is too far away.")]
    if rotation.from_time and rotation.from_time == rotation.until_time:
        wrong["until_time"] = [_("Give another hour, or leave both empty for the whole day.")]
    if wrong:
        raise WrongDuty(fields=wrong)
    rotation.weekdays = sorted(set(days))
    for person in set(turns) - set(known):
        check_can_be_on_duty(person)


def _set_turns(rotation: Rotation, turns: list[User]) -> None:
    rotation.participants.all().delete()
    Participant.objects.bulk_create(
        [Participant(rotation=rotation, position=place, person=person) for place, person in enumerate(turns, start=1)]
    )


def _put(roster: Roster, *, is_active: bool, verb: str, by: Actor) -> Roster:
    if roster.is_active != is_active:
        roster.is_active = is_active
        raise_version(roster).save(update_fields=["is_active", "version"])
        record(verb=verb, subject=roster, actor=by)
    return roster


def _stripped(details: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in details.items()}


def _told(rotation: Rotation, turns: list[User]) -> dict[str, Any]:
    return {
        "roster": str(rotation.roster_id),
        "period": f"{rotation.length} {rotation.period}",
        "starts_on": rotation.starts_on.isoformat(),
        "hand_over_at": rotation.hand_over_at.isoformat(),
        "people": [str(person.pk) for person in turns],
    }


def _id(person: User | None) -> str | None:
    return str(person.pk) if person else None


def hand_over_told(*, roster_id: uuid.UUID, until: datetime) -> None:
    """Hand-overs until then have been told."""
    Roster.objects.filter(pk=roster_id).update(told_until=until)
