"""A restore test that passed proves what was decided about its policy or its system."""

from django.utils import timezone

from actions.choices import Kind, ProofKind
from actions.links import Proof
from actions.services import verify
from backups.models import Run


def prove_actions(run: Run) -> None:
    """Verify the actions that waited for this. In the transaction that ends the run; run: one that passed."""
    proof = Proof(
        ProofKind.RESTORE_TEST,
        run.reference,
        run.get_absolute_url(),
        at=run.ended_at or timezone.now(),
        began_at=run.started_at,
    )
    about = [run.policy.stream, f"catalog.system:{run.policy.system_id}"]
    for kind in (Kind.FIX_BACKUP, Kind.RETEST):
        verify(kind=kind, about=about, proof=proof)
