"""One thing done with many incidents: each by its own service, on the version that was seen, each with its own end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, Taken
from incidents.choices import State
from incidents.errors import NotFromHere, TooManyAtOnce
from incidents.models import Incident
from incidents.moves import ALL, Move
from incidents.references import number_of
from incidents.selectors import actionable_by
from people.models import User

#: What can be done with many at once, in the order of the bar. What goes only one by one is not here.
NAMES = ("acknowledge", "take", "assign", "team", "severity", "category", "close", "cancel", "merge")
MOST = 200


@dataclass(frozen=True)
class Chosen:
    """One incident by the reference that people say, as it was seen; version None: as it is."""

    reference: str
    version: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one of them. code and message: why it was refused, empty where it was done."""

    reference: str
    incident: Incident | None
    is_done: bool
    code: str = ""
    message: str = ""


def bulk_moves() -> list[Move]:
    """What can be done with many."""
    return [ALL[name] for name in NAMES if name in ALL]


def carry_out(move: Move, chosen: Sequence[Chosen], *, by: User, given: dict[str, Any]) -> list[Outcome]:
    """Do it with each of them, in this order; one that is refused holds up no other.

    given: what the move's form holds, without a version. The one that the others are merged into is left out.
    Raises TooManyAtOnce above two hundred.
    """
    chosen = list(dict.fromkeys(chosen))
    if len(chosen) > MOST:
        raise TooManyAtOnce(most=MOST)
    known = _known(chosen, by)
    found = [(each, known.get(number_of(each.reference))) for each in chosen]
    goes_on = given.get("into_id")
    return [
        _one(move, each, incident, by, given)
        for each, incident in found
        if incident is None or goes_on is None or incident.pk != goes_on
    ]


def _known(chosen: Iterable[Chosen], by: User) -> dict[int | None, Incident]:
    numbers = {number for each in chosen if (number := number_of(each.reference)) is not None}
    return {incident.number: incident for incident in actionable_by(by).filter(number__in=numbers)}


def _one(move: Move, chosen: Chosen, incident: Incident | None, by: User, given: dict[str, Any]) -> Outcome:
    if incident is None:
        return Outcome(chosen.reference, None, is_done=False, code="not_found", message=_("There is nothing here."))
    try:
        if incident.state not in move.states:
            raise NotFromHere(now=State(incident.state).label)
        with transaction.atomic():
            move.do(incident, by, {**given, "version": chosen.version})
    except DomainError as error:
        return _refused(chosen, incident, error)
    except IntegrityError as error:
        taken = Taken.by(error)
        if taken is None:
            raise
        return _refused(chosen, incident, taken)
    return Outcome(incident.reference, incident, is_done=True)


def _refused(chosen: Chosen, incident: Incident, error: DomainError) -> Outcome:
    said = [sentence for sentences in error.fields.values() for sentence in sentences] or [error.message]
    return Outcome(incident.reference, incident, is_done=False, code=error.code, message=" ".join(map(str, said)))
