"""Words of incidents, and the table of allowed moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an incident stands."""

    TRIAGE = "triage", _("Triage")
    ACTIVE = "active", _("Active")
    ON_HOLD = "on_hold", _("On hold")
    MITIGATED = "mitigated", _("Mitigated")
    RESOLVED = "resolved", _("Resolved")
    IN_REVIEW = "in_review", _("In review")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    MERGED = "merged", _("Merged")


#: Somebody still has to do something.
LIVE = (State.TRIAGE, State.ACTIVE, State.ON_HOLD, State.MITIGATED)

#: From each state, where a person may move an incident next. The only place this is written.
NEXT = {
    State.TRIAGE: {State.ACTIVE, State.CANCELLED, State.MERGED},
    State.ACTIVE: {State.ON_HOLD, State.MITIGATED, State.RESOLVED, State.CANCELLED, State.MERGED},
    State.ON_HOLD: {State.ACTIVE, State.CANCELLED},
    State.MITIGATED: {State.ACTIVE, State.RESOLVED},
    State.RESOLVED: {State.ACTIVE, State.IN_REVIEW, State.CLOSED},
    State.IN_REVIEW: {State.CLOSED},
    State.CLOSED: set(),
    State.CANCELLED: {State.TRIAGE},
    State.MERGED: set(),
}
#: What only the product itself may do: end what nobody took over, and open again what came back.
NEXT_BY_SYSTEM = {State.TRIAGE: {State.RESOLVED}, State.RESOLVED: {State.TRIAGE}}


class Scale(models.IntegerChoices):
    """How bad, and how soon it gets worse: 1 is the most."""

    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")
    LOW = 3, _("Low")


#: (impact, urgency) → severity.
SEVERITY = {(1, 1): 1, (1, 2): 2, (2, 1): 2, (1, 3): 3, (2, 2): 3, (3, 1): 3, (2, 3): 4, (3, 2): 4, (3, 3): 4}
SEVERITIES = (1, 2, 3, 4)


class Source(models.TextChoices):
    """Through which door it came in."""

    PAGE = "page", _("Page")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    ALERT = "alert", _("Holdfast itself")
    API = "api", _("Another program")


class EventKind(models.TextChoices):
    """What one entry of the timeline says."""

    REPORTED = "reported", _("Reported")
    OPENED = "opened", _("Opened by Holdfast")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    MOVED = "moved", _("Moved")
    NOTE = "note", _("Note")
    UPDATE = "update", _("Update to the reporter")
    REPLY = "reply", _("Answer of the reporter")
    SEVERITY = "severity", _("Severity changed")
    FAILED_AGAIN = "failed_again", _("Failed again")
    PROVEN_AGAIN = "proven_again", _("Proven again")
    JOINED = "joined", _("Somebody else has it too")
