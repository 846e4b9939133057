"""What a page offers to do with an incident, in which state, and in which words."""

from incidents.moves.move import Move
from incidents.moves.offers import ALL, Offer, offered

__all__ = ["ALL", "Move", "Offer", "offered"]
