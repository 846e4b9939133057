"""Who is here: people and the programs that act for them, their teams, absences and ways to be reached."""

from people.models.absences import Absence
from people.models.calendars import Calendar, CalendarDay, CalendarWindow
from people.models.contacts import ContactMethod
from people.models.duty import DutyFeed, Override, Participant, Roster, Rotation
from people.models.escalation import EscalationPolicy, EscalationStep, Patience
from people.models.keys import ApiKey, KeyUse
from people.models.organisation import Organisation
from people.models.persons import User, UserManager
from people.models.resets import PasswordReset
from people.models.sessions import BrowserSession
from people.models.teams import Membership, Team

__all__ = [
    "Absence",
    "ApiKey",
    "BrowserSession",
    "Calendar",
    "CalendarDay",
    "CalendarWindow",
    "ContactMethod",
    "DutyFeed",
    "EscalationPolicy",
    "EscalationStep",
    "KeyUse",
    "Membership",
    "Organisation",
    "Override",
    "Participant",
    "PasswordReset",
    "Patience",
    "Roster",
    "Rotation",
    "Team",
    "User",
    "UserManager",
]
