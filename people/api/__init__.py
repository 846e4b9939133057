"""People, teams, absences, ways to be reached and keys, as programs see them."""

from people.api.absences import Absences
from people.api.calendars import Calendars
from people.api.contacts import ContactMethods
from people.api.duty import Rosters, Rotations
from people.api.escalation import EscalationPolicies
from people.api.keys import ApiKeys
from people.api.persons import Me, People
from people.api.teams import Teams

__all__ = [
    "Absences",
    "ApiKeys",
    "Calendars",
    "ContactMethods",
    "EscalationPolicies",
    "Me",
    "People",
    "Rosters",
    "Rotations",
    "Teams",
]
