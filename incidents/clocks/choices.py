"""Words of clocks, and what each state of an incident does to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.choices import EventKind, HoldReason, State


class ClockKind(models.TextChoices):
    """What has to happen in time."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    UPDATE = "update", _("Next update")
    RESOLVE = "resolve", _("Resolve")


class ClockState(models.TextChoices):
    """Where a clock stands."""

    RUNNING = "running", _("Counting")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    BREACHED = "breached", _("Too late")


class Mode(models.TextChoices):
    """What one stretch of time is to a clock."""

    COUNTED = "counted", _("Counted")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Outside working hours")
    STOPPED = "stopped", _("Over")


class NoticeLevel(models.TextChoices):
    """How far a clock was when people were told."""

    NEAR = "near", _("Due soon")
    OVER = "over", _("Too late")


#: What each state does. Every state is named here: one that is not would silently count or not.
MODES = {
    State.TRIAGE: Mode.COUNTED,
    State.ACTIVE: Mode.COUNTED,
    State.ON_HOLD: Mode.PAUSED,
    State.MITIGATED: Mode.COUNTED,
    State.RESOLVED: Mode.STOPPED,
    State.IN_REVIEW: Mode.STOPPED,
    State.CLOSED: Mode.STOPPED,
    State.CANCELLED: Mode.STOPPED,
    State.MERGED: Mode.STOPPED,
}
#: For which reasons time on hold does not count. "" stands for a hold whose reason nobody chose.
PAUSING = frozenset(
    {
        "",
        HoldReason.CALLER,
        HoldReason.VENDOR,
        HoldReason.CHANGE,
        HoldReason.PROBLEM,
        HoldReason.EVIDENCE,
    }
)
#: Whoever reported it took nobody's word for it: these states show that somebody has it in hand.
TAKEN_OVER = (State.ACTIVE, State.ON_HOLD, State.MITIGATED)
#: Entries of the timeline that tell people how it stands.
UPDATES = (EventKind.UPDATE, EventKind.STAKEHOLDERS, EventKind.PUBLISHED)
#: Entries of the timeline that move an incident from state to state.
CHANGES = (EventKind.ACKNOWLEDGED, EventKind.MOVED, EventKind.MERGED, EventKind.UNMERGED)
#: People are told when this part of the time is over.
NEAR = 0.75
