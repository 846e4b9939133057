"""Who is away at a moment, and who acts for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from people.choices import Role
from people.models import Absence, User
from people.selectors.persons import Anyone, has_role, roles_of, with_role
from people.selectors.teams import people_of_manager

#: Who may decide at all: auditors only read, for others too.
DECIDING = tuple(role for role in Role if role != Role.AUDITOR)


def visible_absences(user: Anyone) -> QuerySet[Absence]:
    """Absences that the user may see: everybody with a role has to know who is here and who acts for whom."""
    if not roles_of(user):
        return Absence.objects.filter(person=user.pk)
    return Absence.objects.all()


def may_plan_for(user: Anyone, person: User) -> bool:
    """Whether the user may say that the person is away: the person, their manager and administrators."""
    if has_role(user, Role.ADMINISTRATOR) or user.pk == person.pk:
        return True
    return people_of_manager(user).filter(pk=person.pk).exists()


def absence_of(person: User, now: datetime) -> Absence | None:
    """The absence in force, with its substitute. None: the person is here."""
    return _in_force(now).filter(person=person).select_related("substitute").first()


def absent_now(now: datetime) -> dict[UUID, UUID | None]:
    """Everybody who is away, with the id of whoever acts for them in the end; None where nobody does.

    A substitute who is away too is followed to theirs. Where that leads in a circle, or to somebody who may not
    sign in any more, nobody acts.
    """
    rows = _in_force(now).values_list("person_id", "substitute_id", "substitute__is_active")
    next_one = {person: substitute if is_active else None for person, substitute, is_active in rows}
    return {person: _end_of_chain(person, next_one) for person in next_one}


def stand_in(person: User, now: datetime) -> User | None:
    """Who acts for a person who is away. None: the person is here, or nobody acts for them."""
    found = absent_now(now).get(person.pk)
    return User.objects.get(pk=found) if found else None


def acting_for(user: Anyone, now: datetime) -> set[UUID]:
    """Ids of the people for whom the user acts at this moment, without the user's own."""
    return {person for person, acts in absent_now(now).items() if acts == user.pk}


def whose_duties(user: Anyone) -> list[UUID]:
    """Ids of the people whose duties the user has now: the user's own, and those of the absent. Read once a request.

    For filters: `filter(owner__in=whose_duties(user))`. Who only reads acts for nobody.
    """
    if not isinstance(user, User):
        return []
    cached: list[UUID] | None = getattr(user, "_duties", None)
    if cached is None:
        absent = acting_for(user, timezone.now()) if has_role(user, *DECIDING) else ()
        cached = user._duties = [user.pk, *absent]
    return cached


def may_as(user: Anyone, *roles: str) -> bool:
    """Whether the user holds one of the roles, or acts for somebody absent who does."""
    return has_role(user, *roles) or bool(for_whom(user, *roles))


def for_whom(user: Anyone, *roles: str) -> list[User]:
    """The absent people with one of the roles for whom the user acts."""
    absent = whose_duties(user)[1:]
    return list(with_role(*roles).filter(pk__in=absent)) if absent else []


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked. acting_for: whom they act for, where they are asked for nothing else."""

    person: User
    acting_for: tuple[User, ...] = ()


def asked(people: Iterable[User | None], now: datetime) -> list[Asked]:
    """The people, and for those who are away whoever acts for them; each once. Two queries at most."""
    found = {person.pk: person for person in people if person is not None}
    away = absent_now(now) if found else {}
    for_whom: dict[UUID, list[User]] = {}
    for pk, person in found.items():
        acts = away.get(pk)
        if acts and acts not in found:
            for_whom.setdefault(acts, []).append(person)
    substitutes = User.objects.in_bulk(list(for_whom)) if for_whom else {}
    return [
        *(Asked(person) for person in found.values()),
        *(Asked(substitute, tuple(for_whom[pk])) for pk, substitute in substitutes.items()),
    ]


def with_stand_ins(people: Iterable[User], now: datetime) -> list[User]:
    """The people, and for those who are away whoever acts for them; each once."""
    return [each.person for each in asked(people, now)]


@dataclass(frozen=True)
class Away:
    """How somebody is away: until when, and the name of whoever acts for them in the end; empty where nobody does."""

    until: datetime
    stand_in: str


def who_is_away(now: datetime) -> dict[UUID, Away]:
    """Everybody who is away, as a page says it beside their names. Two queries at most."""
    acts = absent_now(now)
    if not acts:
        return {}
    names = {each.pk: str(each) for each in User.objects.filter(pk__in={pk for pk in acts.values() if pk})}
    ends = _in_force(now).values_list("person_id", "ends_at")
    return {person: Away(until, names.get(acts.get(person) or person, "")) for person, until in ends}


def _in_force(now: datetime) -> QuerySet[Absence]:
    return Absence.objects.filter(Q(ended_early_at__isnull=True), starts_at__lte=now, ends_at__gt=now)


def _end_of_chain(person: UUID, next_one: dict[UUID, UUID | None]) -> UUID | None:
    seen, acts = {person}, next_one[person]
    while acts in next_one:
        if acts in seen:
            return None
        seen.add(acts)
        acts = next_one[acts]
    return None if acts == person else acts
