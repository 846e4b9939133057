"""Which move takes a card from one column of the board to another. Only what `moves` offers, nothing of its own."""

from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents import looks
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
    """One incident on the board. can: {column: move} as the board's script reads it. severity: as it is drawn."""

    incident: Incident
    can: str
    severity: SafeString


def card_of(incident: Incident) -> Card:
    """`state=move` for each column it may go to, `!` behind those that ask for nothing: "active=acknowledge!"."""
    found = {LEADS_TO[name]: move for name, move in ALL.items() if name in LEADS_TO and incident.state in move.states}
    can = " ".join(f"{state}={_written(move)}" for state, move in found.items())
    return Card(incident, can, _severity(incident.severity, get_language()))


@cache
def _severity(severity: int, language: str | None) -> SafeString:
    """Drawn once for all cards: a board has a hundred of them, and there are four severities in a language."""
    family, shape, wash = looks.OF_SEVERITY[severity]
    label = _("Severity %(severity)s") % {"severity": severity}
    return render_to_string("components/tag.html", {"family": family, "shape": shape, "label": label, "wash": wash})


def _written(move: Move) -> str:
    return move.name if move.needs_page else f"{move.name}!"
