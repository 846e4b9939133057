"""People, teams, absences, ways to be reached, sessions and keys in the admin: every change through the services."""

from people.admin.calendars import CalendarAdmin, CalendarDayAdmin
from people.admin.duty import (
    DutyFeedAdmin,
    EscalationPolicyAdmin,
    EscalationStepAdmin,
    OverrideAdmin,
    RosterAdmin,
    RotationAdmin,
)
from people.admin.keys import ApiKeyAdmin
from people.admin.organisation import OrganisationAdmin
from people.admin.persons import UserAdmin
from people.admin.reach import AbsenceAdmin, BrowserSessionAdmin, ContactMethodAdmin
from people.admin.teams import MembershipAdmin, TeamAdmin

__all__ = [
    "AbsenceAdmin",
    "ApiKeyAdmin",
    "BrowserSessionAdmin",
    "CalendarAdmin",
    "CalendarDayAdmin",
    "ContactMethodAdmin",
    "DutyFeedAdmin",
    "EscalationPolicyAdmin",
    "EscalationStepAdmin",
    "MembershipAdmin",
    "OrganisationAdmin",
    "OverrideAdmin",
    "RosterAdmin",
    "RotationAdmin",
    "TeamAdmin",
    "UserAdmin",
]
