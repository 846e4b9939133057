"""Who has a duty now and next, when nobody has, and who may change it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from people import duty
from people.choices import READING, Role
from people.duty import Gap, Instead, Plan, Shift, Turns, Why
from people.models import Override, Participant, Roster, Rotation, User
from people.selectors.absences import absent_now
from people.selectors.persons import Anyone, has_role, roles_of

#: So far the page of a roster looks ahead, and so far gaps are told.
AHEAD = timedelta(days=14)
#: So much further it is looked for the end of what has begun by then.
FURTHEST = timedelta(days=31)
#: Who knows the name and the duty of others.
KNOWING = (Role.REPORTER, *READING)


@dataclass(frozen=True)
class OnDuty:
    """Who has a duty at a moment. person: whoever is there.  instead_of: the absent one they act for.

    is_there: nobody acts for the person, who is away or may not sign in any more, where it is False.
    is_endless: nobody takes it over within a month, so that `until` is no hand-over.
    """

    person: User
    since: datetime
    until: datetime
    why: Why
    name: str = ""
    instead_of: User | None = None
    is_there: bool = True
    is_endless: bool = False


def visible_rosters(user: Anyone) -> QuerySet[Roster]:
    """Rosters that the user may see: whoever may know the duty of others, and those who are in one themselves."""
    if has_role(user, Role.ADMINISTRATOR, Role.AUDITOR):
        return Roster.objects.all()
    if knows_duties(user):
        return Roster.objects.filter(is_active=True)
    return (
        Roster.objects.filter(_concerned(user), is_active=True).distinct() if roles_of(user) else Roster.objects.none()
    )


def knows_duties(user: Anyone) -> bool:
    """Whether the user may know who has which duty."""
    return has_role(user, *KNOWING)


def may_change_duty(user: Anyone, roster: Roster) -> bool:
    """Whether the user may agree otherwise: who is in the roster, its manager, managers and administrators."""
    if has_role(user, Role.MANAGER, Role.ADMINISTRATOR):
        return True
    return Roster.objects.filter(_concerned(user), pk=roster.pk).exists() and has_role(user, *_CHANGING)


def may_keep_rosters(user: Anyone) -> bool:
    """Whether the user says who has which duty in turn."""
    return has_role(user, Role.ADMINISTRATOR)


def plan_of(roster: Roster) -> Plan:
    """The plan of one roster, as `people.duty` reckons with it."""
    return plans_of([roster])[roster.pk]


def plans_of(rosters: Iterable[Roster]) -> dict[UUID, Plan]:
    """The same of several, in a number of queries that does not grow."""
    found = {roster.pk: roster for roster in rosters}
    rotations: dict[UUID, list[Turns]] = {pk: [] for pk in found}
    turns = Prefetch("participants", queryset=Participant.objects.order_by("position"))
    for each in Rotation.objects.filter(roster__in=found).order_by("position", "created_at").prefetch_related(turns):
        rotations[each.roster_id].append(_turns(each))
    overrides: dict[UUID, list[Instead]] = {pk: [] for pk in found}
    for row in Override.objects.filter(roster__in=found, removed_at=None).order_by("-created_at", "-pk"):
        overrides[row.roster_id].append(Instead(row.person_id, row.starts_at, row.ends_at, row.reason, row.pk))
    return {
        pk: Plan(ZoneInfo(roster.time_zone), tuple(rotations[pk]), tuple(overrides[pk])) for pk, roster in found.items()
    }


def shifts(roster: Roster, since: datetime, until: datetime) -> tuple[list[Shift], list[Gap]]:
    """Who has the duty from `since` to `until`, in order, and when nobody has."""
    return duty.shifts(plan_of(roster), since, until)


def on_duty(roster: Roster, at: datetime) -> OnDuty | None:
    """Who has the duty at this moment, or acts for who has it. None: nobody has. Its `until` looks a month ahead."""
    return on_duty_of([roster], at)[roster.pk]


def on_duty_of(rosters: Sequence[Roster], at: datetime) -> dict[UUID, OnDuty | None]:
    """The same of several, in a number of queries that does not grow."""
    now_on = {pk: _current(plan, at) for pk, plan in plans_of(rosters).items()}
    away = absent_now(at)
    named = {each.person for each in now_on.values() if each}
    people = User.objects.in_bulk([*named, *(acts for acts in away.values() if acts)])
    return {pk: _as_it_is(shift, people, away, at) if shift else None for pk, shift in now_on.items()}


def on_duty_somewhere(people: Iterable[UUID], at: datetime) -> list[tuple[Roster, OnDuty]]:
    """Rosters in use in which one of these people has the duty at this moment, as planned, with who is there."""
    named = list(people)
    concerned = Q(rotations__people__in=named) | Q(overrides__person__in=named, overrides__removed_at=None)
    rosters = list(Roster.objects.filter(concerned, is_active=True).distinct().order_by("name"))
    if not rosters:
        return []
    found = on_duty_of(rosters, at)
    return [(roster, duty) for roster in rosters if (duty := found[roster.pk]) and _planned(duty) in set(named)]


def duties_of(person: User, since: datetime, until: datetime) -> list[tuple[Roster, Shift]]:
    """When the person has which duty, by time: of rosters in use."""
    rosters = list(Roster.objects.filter(_in(person), is_active=True).distinct())
    plans = plans_of(rosters)
    found = [
        (roster, shift)
        for roster in rosters
        for shift in duty.shifts(plans[roster.pk], since, until)[0]
        if shift.person == person.pk
    ]
    return sorted(found, key=lambda each: (each[1].since, each[0].name))


def next_gap(roster: Roster, now: datetime, ahead: timedelta = AHEAD) -> Gap | None:
    """The first time in the next two weeks in which nobody has the duty."""
    return next(iter(shifts(roster, now, now + ahead)[1]), None)


_CHANGING = tuple(role for role in Role if role != Role.AUDITOR)


def _planned(found: OnDuty) -> UUID:
    return (found.instead_of or found.person).pk


def _turns(row: Rotation) -> Turns:
    hours = (row.from_time, row.until_time) if row.from_time and row.until_time else None
    return Turns(
        people=tuple(each.person_id for each in row.participants.all()),
        starts_on=row.starts_on,
        hand_over_at=row.hand_over_at,
        period=row.period,
        length=row.length,
        ends_on=row.ends_on,
        weekdays=frozenset(row.weekdays),
        hours=hours,
        name=row.name,
    )


def _current(plan: Plan, at: datetime) -> Shift | None:
    found, _gaps = duty.shifts(plan, at, at + FURTHEST)
    return found[0] if found and found[0].since == at else None


def _as_it_is(shift: Shift, people: dict[UUID, User], away: dict[UUID, UUID | None], at: datetime) -> OnDuty:
    planned = people[shift.person]
    acts = away.get(shift.person)
    there = people.get(acts) if acts else None
    is_there = there is not None or (shift.person not in away and planned.is_active)
    return OnDuty(
        person=there or planned,
        since=shift.since,
        until=shift.until,
        why=shift.why,
        name=shift.name,
        instead_of=planned if there else None,
        is_there=is_there,
        is_endless=shift.until >= at + FURTHEST,
    )


def _in(person: Anyone) -> Q:
    return Q(rotations__people=person.pk) | Q(overrides__person=person.pk, overrides__removed_at=None)


def _concerned(user: Anyone) -> Q:
    return _in(user) | Q(manager=user.pk)
