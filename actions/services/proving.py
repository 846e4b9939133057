"""What verifies an action: a proof that arrives from a higher floor, or a second person."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from actions.choices import PROVABLE, PROVEN_BY, EventKind, Kind, ProofKind, State
from actions.errors import NeedsProof, NotYourOwn
from actions.links import Proof
from actions.models import Action
from actions.references import number_of
from actions.services.checking import check_words
from actions.services.reminding import follow
from actions.services.rows import Who, lock, save, write_down
from notify.services import tell
from people.models import User


@transaction.atomic
def verify(*, kind: str, proof: Proof, about: Iterable[str] = (), references: Iterable[str] = ()) -> list[Action]:
    """A proof has arrived: verify every action of this kind that is about one of these things, or named by reference.

    Higher floors call it downward, in the transaction of what happened. Whether somebody said that it is done does
    not matter; what began before an action was (last) opened proves nothing of it. Safe to call twice.
    Raises ValueError for a proof that this kind does not take.
    """
    if ProofKind(proof.kind) not in PROVEN_BY[Kind(kind)]:
        raise ValueError(f"An action {kind} is not proven by {proof.kind}.")
    keys = [key for key in about if key]
    numbers = [number for reference in references if (number := number_of(reference)) is not None]
    if not keys and not numbers:
        return []
    found = Action.objects.filter(
        Q(about__in=keys) | Q(number__in=numbers),
        kind=kind,
        state__in=PROVABLE,
        open_since__lte=proof.began_at or proof.at,
    )
    actions = list(found.select_for_update(of=["self"]).select_related("owner", "opened_by").order_by("pk"))
    for action in actions:
        _verify(action, proof, by=f"system:{proof.kind}")
    return actions


@transaction.atomic
def confirm(*, action_id: uuid.UUID, by: User, evidence: str, version: int | None = None) -> Action:
    """A second person looked, and says what shows that it was done. Nobody confirms their own work.

    Raises NeedsProof where no word counts, NotYourOwn, CannotMove, Unfit, Stale.
    """
    action, now = lock(action_id, version), timezone.now()
    if ProofKind.PERSON not in PROVEN_BY[Kind(action.kind)]:
        raise NeedsProof(how=action.how_proven)
    action.check_can_become(State.VERIFIED)
    if by.pk in {action.owner_id, action.done_by_id}:
        raise NotYourOwn
    action.proof_note = check_words("evidence", evidence)
    return _verify(action, Proof(ProofKind.PERSON, str(by), "", now), by=by)


def _verify(action: Action, proof: Proof, *, by: Who) -> Action:
    now = timezone.now()
    before, action.state = action.state, State.VERIFIED
    action.verified_at, action.verified_by = now, by if isinstance(by, User) else None
    action.proof_kind, action.proof_reference = proof.kind, proof.reference[:60]
    action.proof_url, action.proof_at = proof.url, proof.at
    fields = ("proof_kind", "proof_reference", "proof_url", "proof_at", "proof_note", "verified_at", "verified_by")
    save(action, "state", *fields)
    values = {"from": before, "proof": proof.kind, "reference": proof.reference, "url": proof.url}
    write_down(action, EventKind.VERIFIED, by=by, now=now, text=action.proof_note, values=values)
    people = [each for each in (action.owner, action.opened_by) if each != by]
    tell(kind="action.verified", about=action, to=people, context={"action": action})
    follow(action, now)
    return action
