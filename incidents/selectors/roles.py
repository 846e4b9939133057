"""Who does what in a major incident."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from incidents.choices import RoleName
from incidents.models import Incident, IncidentRole, TimelineEvent
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


def in_charge_of(incident: Incident) -> set[UUID]:
    """The ids of all who were ever in charge of it, or commanded it, or what was merged into it."""
    worked = [incident.pk, *incident.merged.values_list("pk", flat=True)]
    owners = Incident.objects.filter(pk__in=worked).values_list("owner", flat=True)
    commanders = IncidentRole.objects.filter(incident__in=worked, role=RoleName.COMMANDER)
    handed_over = TimelineEvent.objects.filter(incident__in=worked, changes__has_key="owner")
    moved = handed_over.values_list("changes__owner__from", "changes__owner__to")
    before = [UUID(each) for pair in moved for each in pair if each]
    return {each for each in (*owners, *commanders.values_list("person", flat=True), *before) if each}
