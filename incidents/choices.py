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
#: Somebody is in charge, and may hand it over.
NOT_CLOSED = (*LIVE, State.RESOLVED, State.IN_REVIEW)
#: All but those that left the track.
NOT_OUT = (*NOT_CLOSED, State.CLOSED)

#: From each state, where a person may move an incident next. The only place this is written.
NEXT = {
    State.TRIAGE: {State.ACTIVE, State.CANCELLED, State.MERGED},
    State.ACTIVE: {State.ON_HOLD, State.MITIGATED, State.RESOLVED, State.CANCELLED, State.MERGED},
    State.ON_HOLD: {State.ACTIVE, State.CANCELLED, State.MERGED},
    State.MITIGATED: {State.ACTIVE, State.RESOLVED, State.MERGED},
    State.RESOLVED: {State.ACTIVE, State.IN_REVIEW, State.CLOSED},
    State.IN_REVIEW: {State.CLOSED},
    State.CLOSED: set(),
    State.CANCELLED: {State.TRIAGE},
    State.MERGED: set(),
}
#: What only the product itself may do: end what nobody took over, and open again what came back.
NEXT_BY_SYSTEM = {State.TRIAGE: {State.RESOLVED}, State.RESOLVED: {State.TRIAGE}}
#: What is possible from each state instead of a move that is refused.
INSTEAD = {
    State.TRIAGE: _("First somebody takes it over; it can also be merged or cancelled."),
    State.ACTIVE: _("It can be put on hold, mitigated, resolved, merged or cancelled."),
    State.ON_HOLD: _("Go on with it first; it can also be merged or cancelled."),
    State.MITIGATED: _("It can be resolved, merged, or opened again."),
    State.RESOLVED: _("It can be reviewed, closed, or opened again."),
    State.IN_REVIEW: _("The review ends with closing it. If it happens again, open a new one that is linked to it."),
    State.CLOSED: _("What is closed stays closed. If it happens again, open a new one that is linked to it."),
    State.CANCELLED: _("It can be opened again."),
    State.MERGED: _("The work goes on in the one that took it in; take it out again there first."),
}


class HoldReason(models.TextChoices):
    """What an incident on hold waits for."""

    CALLER = "caller", _("The person who reported it")
    VENDOR = "vendor", _("A provider")
    CHANGE = "change", _("A planned change")
    PROBLEM = "problem", _("The cause to be found")
    EVIDENCE = "evidence", _("Evidence")


class RoleName(models.TextChoices):
    """Who does what in a major incident. One person each."""

    COMMANDER = "commander", _("Commander")
    DEPUTY = "deputy", _("Deputy")
    COMMUNICATIONS = "communications", _("Communications")
    SCRIBE = "scribe", _("Scribe")


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", _("To do")
    DOING = "doing", _("Being done")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


#: Somebody still has to do it.
TO_DO = (TaskState.OPEN, TaskState.DOING)
#: From each state, where a task may go next. The only place this is written.
NEXT_OF_TASK = {
    TaskState.OPEN: {TaskState.DOING, TaskState.DONE, TaskState.DROPPED},
    TaskState.DOING: {TaskState.OPEN, TaskState.DONE, TaskState.DROPPED},
    TaskState.DONE: {TaskState.OPEN},
    TaskState.DROPPED: {TaskState.OPEN},
}


class Category(models.TextChoices):
    """What kind of cause it had."""

    TECHNICAL = "technical", _("Technical fault")
    OPERATOR = "operator", _("Operator error")
    ATTACK = "attack", _("Attack from outside")
    DESIGN = "design", _("Defect of the design")
    INTERFACE = "interface", _("Interface of a third party")
    DELAY = "delay", _("Delayed synchronisation")
    INCOMPATIBLE = "incompatible", _("Incompatible versions")


class Scale(models.IntegerChoices):
    """How bad, and how soon it gets worse: 1 is the most."""

    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")
    LOW = 3, _("Low")


#: (impact, urgency) → severity, until an administrator decides otherwise: ask `selectors.severity_matrix`.
SEVERITY = {(1, 1): 1, (1, 2): 2, (2, 1): 2, (1, 3): 3, (2, 2): 3, (3, 1): 3, (2, 3): 4, (3, 2): 4, (3, 3): 4}


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
    REPLY = "reply", _("Answer on the tracking page")
    SEVERITY = "severity", _("Severity changed")
    FAILED_AGAIN = "failed_again", _("Failed again")
    PROVEN_AGAIN = "proven_again", _("Proven again")
    JOINED = "joined", _("Somebody else has it too")
    ASSIGNED = "assigned", _("Handed over")
    CHANGED = "changed", _("Details changed")
    MERGED = "merged", _("Taken in")
    UNMERGED = "unmerged", _("Taken out again")
    MAJOR = "major", _("Major incident")
    ROLE = "role", _("Role handed over")
    TASK = "task", _("Task")
    ATTACHED = "attached", _("File added")
    CORRECTED = "corrected", _("Report corrected")
    MAIL = "mail", _("Mail")
    RATED = "rated", _("Rated")
    ESCALATED = "escalated", _("Escalated")
    CLOCK = "clock", _("Time limit")
    STAKEHOLDERS = "stakeholders", _("Update to stakeholders")
    PUBLISHED = "published", _("Update on the status page")
    AUTHORITY = "authority", _("Report to an authority")
    EVIDENCE = "evidence", _("Evidence")
    REVIEW = "review", _("Review")


class Badness(models.TextChoices):
    """How bad it is for the person who reports it, in that person's words."""

    STOPPED = "stopped", _("I cannot work")
    HINDERED = "hindered", _("I can work around it")
    NOTICED = "noticed", _("I just noticed it")


class Stars(models.IntegerChoices):
    """How the reporter found it handled."""

    VERY_GOOD = 5, _("Very good")
    GOOD = 4, _("Good")
    FAIR = 3, _("Fair")
    POOR = 2, _("Poor")
    VERY_POOR = 1, _("Very poor")


#: Sources of reports that somebody enters for the person who called, wrote or asked.
TAKEN_BY = ("phone", "email", "chat")
#: The same as a choice.
TAKEN_BY_CHOICES = [(each, Source(each).label) for each in TAKEN_BY]
#: What a reporter's answer means until somebody judges it: (impact, urgency).
SCALES = {
    Badness.STOPPED: (Scale.MEDIUM, Scale.HIGH),
    Badness.HINDERED: (Scale.MEDIUM, Scale.MEDIUM),
    Badness.NOTICED: (Scale.LOW, Scale.LOW),
}
#: A severity that is set by name, as (impact, urgency).
SCALES_OF_SEVERITY = {
    1: (Scale.HIGH, Scale.HIGH),
    2: (Scale.HIGH, Scale.MEDIUM),
    3: (Scale.MEDIUM, Scale.MEDIUM),
    4: (Scale.LOW, Scale.LOW),
}
#: From this severity on, people are told at once and every page shows it.
URGENT_SEVERITY = 2


class CallReason(models.TextChoices):
    """Why people are called."""

    OPENED = "opened", _("Nobody has taken it over")
    REOPENED = "reopened", _("It was opened again")
    URGENT = "urgent", _("It became more severe")
    FORGOTTEN = "forgotten", _("Nothing was heard of it")
    ASKED = "asked", _("Somebody asked for help")


class CallEnd(models.TextChoices):
    """Why nobody is called any more."""

    ANSWERED = "answered", _("Somebody is on it")
    OVER = "over", _("It is over")
    HELD = "held", _("It is on hold")
    LOWERED = "lowered", _("It is less severe")
    REPLACED = "replaced", _("The calls began anew")
    RAN_OUT = "ran_out", _("Nobody answered")
    STALE = "stale", _("It was too late to call")


class CallState(models.TextChoices):
    """What became of one step."""

    DUE = "due", _("To come")
    TAKEN = "taken", _("Called")
    UNREACHED = "unreached", _("Could not be called")
    CANCELLED = "cancelled", _("Not needed")


class WatchStage(models.TextChoices):
    """What comes next where nothing is heard of an incident that somebody took over."""

    REMIND = "remind", _("Remind")
    AGAIN = "again", _("Call again")
