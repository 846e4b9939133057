"""One run with everything that belongs to it, and the runs and copies of a policy."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from backups.choices import CopyState, Outcome, Phase, RunKind, RunState
from backups.errors import NoCopy, PolicyUnknown
from backups.models import Assertion, BackupPolicy, Copy, Run, Step
from backups.selectors.seeing import may_run, sees_output, visible_to
from catalog.proof import Verdict
from catalog.selectors import proof_of_stream
from ledger.models import Entry
from people.selectors import Anyone

REFERENCE = re.compile(r"(B|C|RT)-([0-9]{1,18})")
KIND_OF_PREFIX = {"B": RunKind.BACKUP, "C": RunKind.CHECK, "RT": RunKind.RESTORE_TEST}
EARLIER = 10
GOOD = (Outcome.PASS, Outcome.WARN)


@dataclass(frozen=True)
class PhaseTime:
    """How long one phase of a restore test took. share: of the whole recovery time, in percent."""

    phase: Phase
    took: timedelta
    share: float


@dataclass(frozen=True)
class RunPage:
    """One run as its page shows it. earlier: ended runs of the same kind and policy, the newest first."""

    run: Run
    steps: list[Step]
    assertions: list[Assertion]
    phases: list[PhaseTime]
    earlier: list[Run]
    verdict: Verdict
    may_see_output: bool
    may_run: bool


def proof_of_policy(policy: BackupPolicy) -> Verdict:
    """What the policy itself proves, held to the targets of its system; another policy's tests do not count."""
    return proof_of_stream(policy.system, policy.stream)


def by_reference(user: Anyone, reference: str) -> Run:
    """The run that people call RT-0012. Raises Run.DoesNotExist, also when the user may not see it."""
    found = REFERENCE.fullmatch(reference)
    number = number_of(reference, KIND_OF_PREFIX[found[1]]) if found else None
    if found is None or number is None:
        raise Run.DoesNotExist
    runs = visible_to(user, Run).select_related("policy__system", "policy__repository", "copy", "requested_by")
    return runs.get(number=number, kind=KIND_OF_PREFIX[found[1]])


def number_of(reference: str, kind: RunKind) -> int | None:
    """The number in a reference of that kind; None when it is no such reference."""
    found = REFERENCE.fullmatch(reference)
    return int(found[2]) if found and KIND_OF_PREFIX[found[1]] == kind else None


def run_page(user: Anyone, reference: str) -> RunPage:
    """The run with its steps as they are by now. Raises Run.DoesNotExist, also when the user may not see it."""
    run = by_reference(user, reference)
    steps = list(run.steps.order_by("position"))
    return RunPage(
        run=run,
        steps=steps,
        assertions=assertions_of(run, user),
        phases=phases_of(steps, attempt=run.attempts),
        earlier=list(runs_of(run.policy, run.kind).filter(state=RunState.ENDED).exclude(pk=run.pk)[:EARLIER]),
        verdict=proof_of_policy(run.policy),
        may_see_output=sees_output(user),
        may_run=may_run(user),
    )


def assertions_of(run: Run, user: Anyone) -> list[Assertion]:
    """What was asked of the restored data. What was found in it is left out for those who may not see output."""
    assertions = list(run.assertions.order_by("position"))
    if not sees_output(user):
        for assertion in assertions:
            assertion.found = ""
    return assertions


def asked_by(run: Run) -> str:
    """What asked for a run that no person and no schedule asked for, as the ledger names it: `system:command`."""
    asked = Entry.objects.filter(verb=f"{run.kind}.requested", subject_id=str(run.pk))
    return asked.values_list("actor_label", flat=True).first() or ""


def phases_of(steps: list[Step], *, attempt: int) -> list[PhaseTime]:
    """Where the time of a restore test's last attempt went, in the order of its phases."""
    took = {phase: timedelta(0) for phase in Phase}
    for step in steps:
        if step.phase and step.ended_at is not None and step.attempt == attempt:
            took[Phase(step.phase)] += step.ended_at - step.started_at
    whole = sum(took.values(), timedelta(0))
    return [PhaseTime(phase, length, 100 * (length / whole)) for phase, length in took.items() if length]


def runs_of(policy: BackupPolicy, kind: str | None = None) -> QuerySet[Run]:
    """The runs of a policy, the newest first."""
    runs = Run.objects.filter(policy=policy).select_related("copy", "policy").order_by("-created_at")
    return runs.filter(kind=kind) if kind else runs


def passed_after(run: Run) -> QuerySet[Run]:
    """The runs of its policy that passed after this one had ended, the newest first."""
    passed = Run.objects.filter(policy=run.policy_id, outcome__in=GOOD, ended_at__gt=run.ended_at)
    return passed.select_related("policy__repository", "copy").order_by("-ended_at")


def copies_of(policy: BackupPolicy) -> QuerySet[Copy]:
    """The copies of a policy that are kept, the newest first, each with the runs that looked at it."""
    kept = Copy.objects.filter(policy=policy, state=CopyState.KEPT).select_related("repository")
    return kept.prefetch_related("runs").order_by("-taken_at")


def restore_tests(user: Anyone) -> QuerySet[Run]:
    """All restore tests that the user may see, the newest first."""
    tests = visible_to(user, Run).filter(kind=RunKind.RESTORE_TEST)
    return tests.select_related("policy__system", "copy").order_by("-created_at")


def policy_by_name(name: str) -> BackupPolicy:
    """The policy of that short name, or of that name. Raises PolicyUnknown."""
    policies = BackupPolicy.objects.select_related("system", "repository")
    found = policies.filter(slug=name).first() or policies.filter(name=name).first() if "\x00" not in name else None
    if found is None:
        raise PolicyUnknown(policy=name)
    return found


def newest_copy(policy: BackupPolicy) -> Copy:
    """The newest copy that is kept. Raises NoCopy."""
    copy = copies_of(policy).first()
    if copy is None:
        raise NoCopy
    return copy
