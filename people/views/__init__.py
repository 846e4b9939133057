"""Pages of signing in that allauth does not have, everybody's own account, and who is here."""

from people.views.account import Account
from people.views.directory import PeopleHere
from people.views.duty import (
    AddOverride,
    MakeFeed,
    MyDuty,
    OnePolicy,
    OneRoster,
    RemoveOverride,
    RevokeFeed,
    Rosters,
    calendar_feed,
)
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
from people.views.rotations import EditRotation, RemoveRotation

__all__ = [
    "Account",
    "AddContact",
    "AddOverride",
    "ChangeDetails",
    "EditRotation",
    "EndAbsence",
    "EndOtherSessions",
    "EndSession",
    "MakeFeed",
    "MakeKey",
    "MyDuty",
    "OnePolicy",
    "OneRoster",
    "PeopleHere",
    "PlanAbsence",
    "RemoveContact",
    "RemoveOverride",
    "RemoveRotation",
    "RevokeFeed",
    "RevokeKey",
    "Rosters",
    "SendCode",
    "VerifyContact",
    "calendar_feed",
    "locked_out",
    "preferences",
]
