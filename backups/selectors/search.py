"""Finding policies and runs."""

from backups.choices import RunKind
from backups.models import BackupPolicy, Run
from backups.selectors.seeing import visible_to
from common import own_names
from common.search import EXACT, Hit, Wanted, found, ranked
from people.selectors import Anyone

PREFIXES = {RunKind.BACKUP: "B", RunKind.CHECK: "C", RunKind.RESTORE_TEST: "RT"}


def search(text: str, user: Anyone) -> list[Hit]:
    """Policies by their words, runs by their reference."""
    wanted = Wanted.of(text)
    for kind, prefix in PREFIXES.items():
        number = wanted.number_after(prefix)
        if number is not None:
            runs = visible_to(user, Run).filter(kind=kind, number=number).select_related("policy")
            return [_run(run) for run in runs]
    return [_policy(*each) for each in ranked(found(visible_to(user, BackupPolicy), wanted, names="name"))]


def _policy(policy: BackupPolicy, rank: float) -> Hit:
    return Hit(kind="policy", title=own_names.shown(policy.name), url=policy.get_absolute_url(), rank=rank)


def _run(run: Run) -> Hit:
    return Hit(
        kind="run",
        title=own_names.shown(run.policy.name),
        reference=run.reference,
        url=run.get_absolute_url(),
        detail=run.get_kind_display(),
        rank=EXACT,
    )
