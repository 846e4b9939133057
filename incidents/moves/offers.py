"""What a page offers to do with an incident, in which state."""

from collections.abc import Iterator
from dataclasses import dataclass

from incidents.models import Incident
from incidents.moves.major import MAJOR
from incidents.moves.merging import MERGING
from incidents.moves.move import Move
from incidents.moves.moving import MOVING
from incidents.moves.promising import PROMISING
from incidents.moves.talking import TALKING
from incidents.moves.working import WORKING
from people.models import User

#: By name, in the order in which pages offer them.
ALL = {move.name: move for move in (*TALKING, *MOVING, *WORKING, *MAJOR, *MERGING, *PROMISING)}


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
        if incident.state in move.states and move.suits(incident, by):
            yield move
