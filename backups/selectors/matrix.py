"""All policies at one glance, in a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from backups.choices import OPEN, CopyState, Level, RunKind, RunState
from backups.models import BackupPolicy, Copy, Run, Schedule
from backups.rule32110 import FULL_CHECK, Digit, digits
from backups.selectors.seeing import visible_to
from backups.selectors.standing import stands, with_later
from catalog.models import System
from catalog.proof import Verdict
from catalog.selectors import proof_of_systems
from people.selectors import Anyone


@dataclass(frozen=True)
class PolicyRow:
    """One policy: what was done last, what is going on, what is due, and what it proves.

    last: {kind: newest ended run}.  open: {kind: run that is queued or running}.  due: {kind: next slot}.
    rule: the digits of 3-2-1-1-0.  verdict: the proof by this policy alone, held to
    the targets of its system.
    """

    policy: BackupPolicy
    verdict: Verdict
    newest_copy: Copy | None
    rule: tuple[Digit, ...]
    last: dict[str, Run] = field(default_factory=dict)
    open: dict[str, Run] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)

    @property
    def system(self) -> System:
        return self.policy.system

    @property
    def last_backup(self) -> Run | None:
        return self.last.get(RunKind.BACKUP)

    @property
    def last_check(self) -> Run | None:
        return self.last.get(RunKind.CHECK)

    @property
    def last_restore_test(self) -> Run | None:
        return self.last.get(RunKind.RESTORE_TEST)

    @property
    def is_failing(self) -> bool:
        """Whether the newest run of some kind ended badly, and nothing later covers it."""
        return any(stands(run) for run in self.last.values())

    @property
    def next_due(self) -> datetime | None:
        """The first slot of any kind; None when nothing is scheduled or the policy is paused."""
        return min(self.due.values(), default=None)

    @property
    def next_restore_test(self) -> datetime | None:
        return self.due.get(RunKind.RESTORE_TEST)


def matrix(user: Anyone, *, now: datetime | None = None) -> list[PolicyRow]:
    """Every policy that the user may see, by system. Thirteen queries, however many there are."""
    policies = visible_to(user, BackupPolicy).select_related("system__site", "repository__site", "owner")
    policies = policies.prefetch_related("sources")
    return rows_of(policies.order_by("system__name", "name"), now=now or timezone.now())


def rows_of(policies: Iterable[BackupPolicy], *, now: datetime) -> list[PolicyRow]:
    """The same for given policies."""
    policies = list(policies)
    ids = [policy.pk for policy in policies]
    if not ids:
        return []
    proofs = proof_of_systems(now=now)
    last, going, due = _last(ids), _open(ids), _due(ids)
    newest = _newest_copies(ids)
    places = _places_of_systems({policy.system_id for policy in policies})
    return [
        PolicyRow(
            policy=policy,
            verdict=proofs[policy.system_id].of_stream(policy.stream),
            newest_copy=newest.get(policy.pk),
            rule=digits(policy, places[policy.system_id], last[policy.pk], now=now),
            last=last[policy.pk],
            open=going[policy.pk],
            due={} if policy.is_paused else due[policy.pk],
        )
        for policy in policies
    ]


def _last(ids: list[UUID]) -> dict[UUID, dict[str, Run]]:
    """The newest ended run of each kind, and under FULL_CHECK the newest check that was to read the whole copy."""
    is_full = ExpressionWrapper(Q(wanted_level=None) | Q(wanted_level__gte=Level.WELL_FORMED), BooleanField())
    ended = with_later(Run.objects.filter(policy__in=ids, state=RunState.ENDED)).select_related("copy")
    ended = ended.annotate(is_full=is_full)
    parts = ("policy_id", "kind", "is_full")
    newest = sorted(ended.order_by(*parts, "-ended_at").distinct(*parts), key=attrgetter("ended_at"))
    found = _by_policy(newest)
    for run in newest:
        if run.kind == RunKind.CHECK and run.is_full:
            found[run.policy_id][FULL_CHECK] = run
    return found


def _open(ids: list[UUID]) -> dict[UUID, dict[str, Run]]:
    return _by_policy(Run.objects.filter(policy__in=ids, state__in=OPEN))


def _by_policy(runs: Iterable[Run]) -> dict[UUID, dict[str, Run]]:
    found: dict[UUID, dict[str, Run]] = defaultdict(dict)
    for run in runs:
        found[run.policy_id][run.kind] = run
    return found


def _due(ids: list[UUID]) -> dict[UUID, dict[str, datetime]]:
    found: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    for schedule in Schedule.objects.filter(policy__in=ids):
        if schedule.next_due_at is not None:
            found[schedule.policy_id][schedule.kind] = schedule.next_due_at
    return found


def _newest_copies(ids: list[UUID]) -> dict[UUID, Copy]:
    kept = Copy.objects.filter(policy__in=ids, state=CopyState.KEPT)
    return {copy.policy_id: copy for copy in kept.order_by("policy_id", "-taken_at").distinct("policy_id")}


def _places_of_systems(systems: set[UUID]) -> dict[UUID, int]:
    """In how many repositories copies of each system lie."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    kept = Copy.objects.filter(policy__system__in=systems, state=CopyState.KEPT)
    for system, repository in kept.values_list("policy__system", "repository").distinct():
        found[system].add(repository)
    return defaultdict(int, {system: len(places) for system, places in found.items()})
