"""Who is here: people and the programs that act for them, their teams, absences and ways to be reached."""

from people.models.absences import Absence
from people.models.calendars import Calendar, CalendarDay, CalendarWindow
from people.models.contacts import ContactMethod
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
    "KeyUse",
    "Membership",
    "Organisation",
    "PasswordReset",
    "Team",
    "User",
    "UserManager",
]
