"""Whom one step calls at this moment, and whether anything can be sent to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidents.models import Incident
from incidents.selectors import visible_to
from incidents.services.audience import owners_of
from people.choices import Whom
from people.models import Roster, Team, User
from people.selectors import absent_now, called_by, can_be_called, reachable, with_stand_ins


@dataclass(frozen=True)
class Called:
    """people: as planned; whoever acts for the absent is told by `tell`.  reached: to whom something can be sent.

    names: who that is, for people.  whom: the kind of step, one of Whom.
    """

    people: list[User]
    reached: list[User]
    names: str
    whom: str


def called(step: Mapping[str, Any], incident: Incident, now: datetime) -> Called:
    """Read the step of a plan. What was named in it and is gone calls nobody.

    Of a restricted incident only those hear who may see it.
    """
    team = _one(Team, step["team"]) if step["team"] else incident.team
    people = called_by(
        whom=step["whom"],
        person=_one(User, step["person"]),
        roster=_one(Roster, step["roster"]),
        team=team,
        owners=owners_of(incident) if step["whom"] == Whom.SERVICE_OWNER else [],
        at=now,
    )
    away = absent_now(now)
    there = [person for person in reachable(with_stand_ins(people, now)) if person.pk not in away]
    if incident.is_restricted:
        people = there = [person for person in there if visible_to(person).filter(pk=incident.pk).exists()]
    reached = can_be_called(there)
    return Called(people, reached, ", ".join(str(person) for person in reached or there), step["whom"])


def _one(model: Any, pk: str | None) -> Any:
    return model.objects.filter(pk=pk).first() if pk else None
