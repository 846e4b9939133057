"""What a page offers to do with an incident, in which state, and in which words."""

from incidents.moves.move import LIVE_OR_RESOLVED, NOT_CLOSED, Move
from incidents.moves.offers import ALL, Offer, offered

__all__ = ["ALL", "LIVE_OR_RESOLVED", "NOT_CLOSED", "Move", "Offer", "offered"]
