"""Who is away at a moment, and who acts for them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from people.choices import Role
from people.models import Absence, User
from people.selectors.persons import Anyone, has_role, roles_of
from people.selectors.teams import people_of_manager


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


def with_stand_ins(people: Iterable[User], now: datetime) -> list[User]:
    """The people, and for those who are away whoever acts for them; each once."""
    found = {person.pk: person for person in people}
    away = absent_now(now)
    wanted = {acts for pk in found if (acts := away.get(pk))} - found.keys()
    return [*found.values(), *User.objects.filter(pk__in=wanted)]


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
