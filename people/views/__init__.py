"""Pages of signing in that allauth does not have, everybody's own account, and who is here."""

from people.views.account import Account
from people.views.directory import PeopleHere
from people.views.keeping import (
    AddContact,
    ChangeDetails,
    EndAbsence,
    EndOtherSessions,
    EndSession,
    MakeKey,
    PlanAbsence,
    RemoveContact,
    RevokeKey,
    SendCode,
    VerifyContact,
)
from people.views.preferences import locked_out, preferences

__all__ = [
    "Account",
    "AddContact",
    "ChangeDetails",
    "EndAbsence",
    "EndOtherSessions",
    "EndSession",
    "MakeKey",
    "PeopleHere",
    "PlanAbsence",
    "RemoveContact",
    "RevokeKey",
    "SendCode",
    "VerifyContact",
    "locked_out",
    "preferences",
]
