"""One thing to do with an incident, as pages offer it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from incidents.choices import State
from incidents.forms import ChangeForm
from incidents.models import Incident
from people.models import User


def always(_incident: Incident, _by: User) -> bool:
    """Whoever works on incidents."""
    return True


@dataclass(frozen=True)
class Move:
    """One thing to do: its button, its page with a form where something has to be said, and its service.

    carry_out: returns the incident on whose page the work goes on.
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
    #: Whether it is for this incident and this person, beyond the state.
    suits: Callable[[Incident, User], bool] = always
    #: Done by one press, though its form may ask where something is missing.
    is_at_once: bool = False

    @property
    def needs_page(self) -> bool:
        """Whether something has to be entered first."""
        return self.form is not ChangeForm and not self.is_at_once

    def do(self, incident: Incident, by: User, given: dict[str, Any]) -> Incident:
        """Carry it out with what the form holds."""
        return self.carry_out(incident_id=incident.pk, by=by, **given)
