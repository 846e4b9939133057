"""What a page offers to do with an incident, in which state, and in which words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.choices import LIVE, State
from incidents.forms import (
    AssignForm,
    ChangeForm,
    DescribeForm,
    HoldForm,
    ReasonForm,
    ResolveForm,
    SeverityForm,
    UpdateForm,
)
from incidents.models import Incident
from people.models import User

LIVE_OR_RESOLVED = (*LIVE, State.RESOLVED)
NOT_CLOSED = (*LIVE_OR_RESOLVED, State.IN_REVIEW)


@dataclass(frozen=True)
class Move:
    """One thing to do: its button, its page with a form where something has to be said, and its service.

    states: in which it is offered.  first_in: where it is the one that matters.  is_menu: behind "more".
    """

    name: str
    label: str | Promise
    icon: str
    form: type[ChangeForm]
    carry_out: Callable[..., Incident]
    states: tuple[State, ...]
    first_in: tuple[State, ...] = ()
    lead: str | Promise = ""
    done: str | Promise = ""
    is_menu: bool = False

    @property
    def needs_page(self) -> bool:
        """Whether something has to be entered first."""
        return self.form is not ChangeForm

    def do(self, incident: Incident, by: User, given: dict[str, Any]) -> Incident:
        """Carry it out with what the form holds."""
        return self.carry_out(incident_id=incident.pk, by=by, **given)


def _describe(*, incident_id: Any, by: User, version: int, **given: Any) -> Incident:
    about = {"services": given.pop("services"), "systems": given.pop("systems")}
    return services.describe(incident_id=incident_id, by=by, version=version, changes=given, **about)


def _take(*, incident_id: Any, by: User, version: int) -> Incident:
    return services.assign(incident_id=incident_id, to=by, by=by, version=version)


ALL = {
    move.name: move
    for move in (
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
            "update",
            _("Post update"),
            "i-mail",
            UpdateForm,
            services.update_reporters,
            NOT_CLOSED,
            first_in=(State.ACTIVE,),
            lead=_("News for the people who reported it."),
            done=_("The update was sent."),
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
            "severity",
            _("Change severity"),
            "i-flag",
            SeverityForm,
            services.change_severity,
            LIVE,
            lead=_("Impact and urgency give the severity, from 1 (worst) to 4."),
            done=_("The severity was judged anew."),
            is_menu=True,
        ),
        Move(
            "assign",
            _("Hand over"),
            "i-users",
            AssignForm,
            services.assign,
            NOT_CLOSED,
            lead=_("Who is in charge hears of everything that happens."),
            done=_("It was handed over."),
            is_menu=True,
        ),
        Move(
            "take",
            _("Take it over"),
            "i-user",
            ChangeForm,
            _take,
            NOT_CLOSED,
            lead=_("You are in charge from now on."),
            done=_("You are in charge."),
            is_menu=True,
        ),
        Move(
            "describe",
            _("Correct details"),
            "i-note",
            DescribeForm,
            _describe,
            tuple(State),
            lead=_("What is known about it."),
            done=_("The details were changed."),
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
}


@dataclass(frozen=True)
class Offer:
    """What a page offers: the one that matters, those beside it, and those behind "more"."""

    first: Move | None
    beside: list[Move]
    more: list[Move]


def offered(incident: Incident, by: User) -> Offer:
    """What the person may do with it now."""
    moves = list(_possible(incident, by))
    first = next((move for move in moves if incident.state in move.first_in), None)
    return Offer(
        first=first,
        beside=[move for move in moves if move is not first and not move.is_menu],
        more=[move for move in moves if move is not first and move.is_menu],
    )


def _possible(incident: Incident, by: User) -> Iterator[Move]:
    for move in ALL.values():
        if incident.state not in move.states:
            continue
        if move.name == "update" and incident.state == State.TRIAGE:
            continue  # first somebody takes it over
        if move.name == "take" and incident.owner_id == by.pk:
            continue
        yield move
