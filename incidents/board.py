"""Which move takes a card from one column of the board to another. Only what `moves` offers, nothing of its own."""

from dataclasses import dataclass

from incidents.choices import State
from incidents.models import Incident
from incidents.moves import ALL, Move

#: Move → the state that it leads to.
LEADS_TO = {
    "acknowledge": State.ACTIVE,
    "resume": State.ACTIVE,
    "reopen": State.ACTIVE,
    "hold": State.ON_HOLD,
    "mitigate": State.MITIGATED,
    "resolve": State.RESOLVED,
}


@dataclass(frozen=True)
class Card:
    """One incident on the board. can: {column: move} as the board's script reads it."""

    incident: Incident
    can: str


def card_of(incident: Incident) -> Card:
    """`state=move` for each column it may go to, `!` behind those that ask for nothing: "active=acknowledge!"."""
    found = {LEADS_TO[name]: move for name, move in ALL.items() if name in LEADS_TO and incident.state in move.states}
    can = " ".join(f"{state}={_written(move)}" for state, move in found.items())
    return Card(incident, can)


def _written(move: Move) -> str:
    return move.name if move.needs_page else f"{move.name}!"
