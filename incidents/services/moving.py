"""What every move from state to state does. Which may follow which stands in `choices.NEXT`."""

from collections.abc import Container
from datetime import datetime
from typing import Any

from incidents.choices import EventKind, State
from incidents.errors import CannotMove, NotFromHere
from incidents.models import Incident
from incidents.services.escalation import end_escalation
from incidents.services.rows import Who, save, write_down


def move(
    incident: Incident,
    wanted: State,
    *,
    by: Who,
    now: datetime,
    text: str = "",
    fields: list[str] | None = None,
    values: dict[str, Any] | None = None,
    is_public: bool = False,
    verb: str = "",
) -> None:
    """Bring a locked incident into another state, in timeline and ledger.

    fields: columns that were set with it.  values: what the timeline keeps beside both states.
    What it waited for is over with it. Raises CannotMove.
    """
    incident.check_can_become(wanted)
    before, incident.state = incident.state, wanted
    if wanted not in (State.ON_HOLD, State.MERGED):
        incident.resume_at, incident.hold_reason = None, ""
    save(incident, "state", "resume_at", "hold_reason", *(fields or []))
    write_down(
        incident,
        EventKind.MOVED,
        verb=verb or f"incident.{wanted}",
        by=by,
        now=now,
        text=text.strip(),
        values={"from": before, "to": wanted, **(values or {})},
        is_public=is_public,
    )
    end_escalation(incident, now=now)


def only_from(incident: Incident, *states: State, wanted: State) -> None:
    """Raises CannotMove when it stands somewhere else."""
    if incident.state not in states:
        raise CannotMove.between(incident.state, wanted)


def check_in(incident: Incident, states: Container[str]) -> None:
    """Raises NotFromHere when what is wanted, which is no move, cannot be done where it stands."""
    if incident.state not in states:
        raise NotFromHere(now=incident.get_state_display())


def after_all(incident: Incident, now: datetime) -> datetime:
    """Now, or the last thing that is known to have happened: a clock that was set back turns no order around."""
    known = (incident.occurred_at, incident.detected_at, incident.mitigated_at, incident.resolved_at)
    return max([now, *(at for at in known if at)])
