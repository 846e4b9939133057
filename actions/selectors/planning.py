"""How far improvement plans are: computed from their actions, never stored."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from actions.choices import UNFINISHED, State
from actions.models import Action, ImprovementPlan, Phase
from actions.selectors.listing import Line, as_lines
from actions.selectors.seeing import visible_to
from actions.services.rows import day_of
from people.models import User


@dataclass(frozen=True)
class Progress:
    """What became of so many actions. Cancelled ones are not counted; only what is settled is progress."""

    total: int = 0
    verified: int = 0
    accepted: int = 0
    done: int = 0
    overdue: int = 0

    @property
    def settled(self) -> int:
        """Verified, or accepted as a risk."""
        return self.verified + self.accepted

    @property
    def share(self) -> int:
        """Settled of all, in percent, never rounded up to all."""
        return self.settled * 100 // self.total if self.total else 0

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.settled == self.total

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            self.total + other.total,
            self.verified + other.verified,
            self.accepted + other.accepted,
            self.done + other.done,
            self.overdue + other.overdue,
        )


@dataclass(frozen=True)
class PhasePart:
    """One phase with its actions that the reader may see.

    is_now: today lies in it.  is_late: it should be over, and not all of it is settled.
    """

    phase: Phase
    progress: Progress
    lines: list[Line]
    is_now: bool
    is_late: bool


@dataclass(frozen=True)
class PlanPage:
    """One improvement plan as a page shows it."""

    plan: ImprovementPlan
    progress: Progress
    phases: list[PhasePart] = field(default_factory=list)


def progress_of_phases(today: date, **of: Any) -> dict[UUID, Progress]:
    """The progress of every phase that is asked for, in one query. of: filters of actions."""
    counted = (
        Action.objects.filter(phase__isnull=False, **of)
        .exclude(state=State.CANCELLED)
        .values("phase")
        .annotate(
            total=Count("pk"),
            verified=Count("pk", filter=Q(state=State.VERIFIED)),
            accepted=Count("pk", filter=Q(state=State.RISK_ACCEPTED)),
            done=Count("pk", filter=Q(state=State.DONE)),
            overdue=Count("pk", filter=Q(state__in=UNFINISHED, due_on__lt=today)),
        )
        .order_by()
    )
    counts = counted.values_list("phase", "total", "verified", "accepted", "done", "overdue")
    return {phase: Progress(*of_phase) for phase, *of_phase in counts}


def with_progress(plans: "list[ImprovementPlan]") -> list[tuple[ImprovementPlan, Progress]]:
    """Each plan with its progress. Two queries."""
    by_phase = progress_of_phases(day_of(timezone.now()), phase__plan__in=plans)
    totals: dict[UUID, Progress] = defaultdict(Progress)
    for phase, plan in Phase.objects.filter(plan__in=plans).values_list("pk", "plan_id"):
        totals[plan] += by_phase.get(phase, Progress())
    return [(plan, totals[plan.pk]) for plan in plans]


def page_of_plan(plan: ImprovementPlan, user: User) -> PlanPage:
    """What its page shows. The plan must be visible to the user."""
    today = day_of(timezone.now())
    by_phase = progress_of_phases(today, phase__plan=plan)
    actions = visible_to(user).filter(phase__plan=plan).select_related("owner").order_by("due_on", "number")
    of_phase: dict[UUID | None, list[Action]] = defaultdict(list)
    for action in actions:
        of_phase[action.phase_id].append(action)
    phases = [
        _part(phase, by_phase.get(phase.pk, Progress()), as_lines(of_phase[phase.pk], user, today), today)
        for phase in plan.phases.all()
    ]
    return PlanPage(plan, sum((part.progress for part in phases), Progress()), phases)


def _part(phase: Phase, progress: Progress, lines: list[Line], today: date) -> PhasePart:
    is_late = phase.ends_on < today and progress.settled < progress.total
    return PhasePart(phase, progress, lines, is_now=phase.starts_on <= today <= phase.ends_on, is_late=is_late)
