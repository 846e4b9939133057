"""What a page offers to do with an action, in which state, and in which words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions import services
from actions.choices import TO_DO, UNFINISHED, Kind, State
from actions.forms import (
    AcceptForm,
    ChangeForm,
    ConfirmForm,
    DescribeForm,
    FinishForm,
    PhaseChoice,
    PostponeForm,
    ReasonForm,
    ReassignForm,
)
from actions.models import Action
from actions.selectors import may_open, may_sign
from people.models import User


@dataclass(frozen=True)
class Move:
    """One thing to do: its button, its page with a form where something has to be said, and its service.

    states: in which it is offered.  first_in: where it is the one that matters.  is_menu: behind "more".
    may: who may do it, beyond working on the action.
    """

    name: str
    label: str | Promise
    icon: str
    form: type[ChangeForm]
    carry_out: Callable[..., Action]
    states: tuple[State, ...]
    lead: str | Promise
    done: str | Promise
    first_in: tuple[State, ...] = ()
    is_menu: bool = False
    may: Callable[[User], bool] | None = None

    @property
    def needs_page(self) -> bool:
        """Whether something has to be entered first."""
        return self.form is not ChangeForm

    def is_for(self, action: Action, user: User) -> bool:
        """Whether the person may do it now."""
        if action.state not in self.states or (self.may is not None and not self.may(user)):
            return False
        if self.name != "confirm":
            return True
        return action.kind == Kind.OTHER and user.pk not in {action.owner_id, action.done_by_id}

    def do(self, action: Action, by: User, given: dict[str, Any]) -> Action:
        """Carry it out with what the form holds."""
        return self.carry_out(action_id=action.pk, by=by, **given)


ALL = {
    move.name: move
    for move in (
        Move(
            "start",
            _("Begin"),
            "i-right",
            ChangeForm,
            services.start,
            (State.OPEN,),
            _("Somebody is working on it from now on."),
            _("It is in progress."),
            first_in=(State.OPEN,),
        ),
        Move(
            "finish",
            _("It is done"),
            "i-check",
            FinishForm,
            services.finish,
            TO_DO,
            _("It counts once it is proven; until then it is shown as done, not proven."),
            _("It is done, and waits for its proof."),
            first_in=(State.IN_PROGRESS,),
        ),
        Move(
            "confirm",
            _("Verify"),
            "i-check",
            ConfirmForm,
            services.confirm,
            (State.DONE,),
            _("You looked at it yourself, and say what shows that it was done."),
            _("It is verified."),
            first_in=(State.DONE,),
        ),
        Move(
            "postpone",
            _("Postpone"),
            "i-clock",
            PostponeForm,
            services.postpone,
            UNFINISHED,
            _("Another day, and why. How often it was postponed is shown."),
            _("It is due on another day."),
            is_menu=True,
        ),
        Move(
            "reassign",
            _("Hand over"),
            "i-users",
            ReassignForm,
            services.reassign,
            UNFINISHED,
            _("Whoever does it hears of it, and is reminded."),
            _("It was handed over."),
            is_menu=True,
            may=may_open,
        ),
        Move(
            "plan",
            _("Put into a plan"),
            "i-plan",
            PhaseChoice,
            services.put_into,
            tuple(State),
            _("An improvement plan groups actions in phases with dates."),
            _("Its place was changed."),
            is_menu=True,
            may=may_open,
        ),
        Move(
            "describe",
            _("Say it more clearly"),
            "i-note",
            DescribeForm,
            services.describe,
            UNFINISHED,
            _("What has to be done, in words that everybody understands. What proves it stays as it is."),
            _("The words were changed."),
            is_menu=True,
        ),
        Move(
            "accept",
            _("Accept the risk"),
            "s-hold",
            AcceptForm,
            services.accept_risk,
            UNFINISHED,
            _("You sign that it is not done before a day, and why."),
            _("The risk is accepted."),
            is_menu=True,
            may=may_sign,
        ),
        Move(
            "cancel",
            _("Cancel it"),
            "i-x",
            ReasonForm,
            services.cancel,
            TO_DO,
            _("It need not be done. Its owner and everybody else read why."),
            _("It is cancelled."),
            is_menu=True,
            may=may_sign,
        ),
        Move(
            "reopen",
            _("Open again"),
            "i-undo",
            ReasonForm,
            services.reopen,
            (State.DONE, State.VERIFIED, State.RISK_ACCEPTED, State.CANCELLED),
            _("It was not done after all, or has to be done now."),
            _("It is open again."),
            may=may_open,
        ),
    )
}


@dataclass(frozen=True)
class Offer:
    """What a page offers: the one that matters, those beside it, and those behind "more"."""

    first: Move | None
    beside: list[Move]
    more: list[Move]

    def __bool__(self) -> bool:
        return bool(self.first or self.beside or self.more)


def offered(action: Action, by: User) -> Offer:
    """What the person may do with it now. The person may work on it."""
    moves = list(_possible(action, by))
    first = next((move for move in moves if action.state in move.first_in), None)
    return Offer(
        first=first,
        beside=[move for move in moves if move is not first and not move.is_menu],
        more=[move for move in moves if move is not first and move.is_menu],
    )


def _possible(action: Action, by: User) -> Iterator[Move]:
    return (move for move in ALL.values() if move.is_for(action, by))
