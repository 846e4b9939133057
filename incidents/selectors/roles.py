"""Who does what in a major incident."""

from dataclasses import dataclass

from django.db.models import QuerySet

from incidents.choices import RoleName
from incidents.models import Incident, IncidentRole
from people.models import User
from people.selectors import Anyone


@dataclass(frozen=True)
class Seat:
    """One role as a page shows it.  held: None where nobody has it."""

    role: RoleName
    held: IncidentRole | None

    @property
    def person(self) -> User | None:
        """Who has it now."""
        return self.held.person if self.held else None


def held_now(incident: Incident) -> QuerySet[IncidentRole]:
    """Roles that somebody has at this moment."""
    return incident.roles.filter(until__isnull=True).select_related("person")


def seats_of(incident: Incident) -> list[Seat]:
    """Every role of a major incident, with whoever has it. Empty for all others."""
    if not incident.is_major:
        return []
    held = {each.role: each for each in held_now(incident)}
    return [Seat(role, held.get(role)) for role in RoleName]


def commands(incident: Incident, user: Anyone) -> bool:
    """Whether the user commands it now."""
    return incident.is_major and held_now(incident).filter(role=RoleName.COMMANDER, person=user.pk).exists()
