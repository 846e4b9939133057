"""From state to state."""

from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.choices import State
from incidents.forms import ChangeForm, HoldForm, ReasonForm, ResolveForm
from incidents.moves.move import Move

MOVING = (
    Move(
        "acknowledge",
        _("Acknowledge"),
        "i-check",
        ChangeForm,
        services.acknowledge,
        (State.TRIAGE,),
        first_in=(State.TRIAGE,),
        lead=_("You take it over. The people who reported it hear that somebody is working on it."),
        done=_("You took it over."),
    ),
    Move(
        "mitigate",
        _("Mark mitigated"),
        "s-stale",
        ChangeForm,
        services.mitigate,
        (State.ACTIVE,),
        lead=_("The worst is over, though not all of it."),
        done=_("It is mitigated."),
    ),
    Move(
        "resolve",
        _("Resolve"),
        "i-check",
        ResolveForm,
        services.resolve,
        (State.ACTIVE, State.MITIGATED),
        first_in=(State.MITIGATED,),
        lead=_("It works again."),
        done=_("It is resolved."),
    ),
    Move(
        "resume",
        _("Go on"),
        "i-right",
        ChangeForm,
        services.resume,
        (State.ON_HOLD,),
        first_in=(State.ON_HOLD,),
        lead=_("What it waited for is there."),
        done=_("The work goes on."),
    ),
    Move(
        "close",
        _("Close"),
        "i-check",
        ChangeForm,
        services.close,
        (State.RESOLVED, State.IN_REVIEW),
        first_in=(State.RESOLVED, State.IN_REVIEW),
        lead=_("Nothing is left to do or to learn."),
        done=_("It is closed."),
    ),
    Move(
        "reopen",
        _("Open again"),
        "i-undo",
        ReasonForm,
        services.reopen,
        (State.MITIGATED, State.RESOLVED, State.CANCELLED),
        lead=_("It was not over after all."),
        done=_("It is open again."),
    ),
    Move(
        "hold",
        _("Put on hold"),
        "s-hold",
        HoldForm,
        services.hold,
        (State.ACTIVE,),
        lead=_("It waits for a person or a date."),
        done=_("It is on hold."),
        is_menu=True,
    ),
    Move(
        "cancel",
        _("Cancel it"),
        "i-x",
        ReasonForm,
        services.cancel,
        (State.TRIAGE, State.ACTIVE, State.ON_HOLD),
        lead=_("It is not an incident. The people who reported it read the reason."),
        done=_("It is cancelled."),
        is_menu=True,
    ),
)
