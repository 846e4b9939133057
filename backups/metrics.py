"""Figures of backups, checks and restore tests."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Max, Min
from django.utils import timezone
from prometheus_client.core import Metric

from backups.choices import OPEN, CopyState, RunState
from backups.models import Copy, Run, Schedule
from common.metrics import gauge, measures

LATELY = timedelta(days=1)
#: More policies than this are not told one by one.
MOST_POLICIES = 500


@measures("backups")
def of_backups() -> Iterator[Metric]:
    """What is queued and running, how it ended lately, what is overdue, and how old each policy's newest copy is."""
    now = timezone.now()
    waiting = Run.objects.filter(state__in=OPEN).order_by().values_list("kind", "state").annotate(Count("pk"))
    rows = [((kind, state), float(number)) for kind, state, number in waiting]
    yield gauge("runs", "Runs that are queued or running.", rows, "kind", "state")
    ended = Run.objects.filter(state=RunState.ENDED, ended_at__gte=now - LATELY).order_by()
    rows = [
        ((kind, outcome), float(number))
        for kind, outcome, number in ended.values_list("kind", "outcome").annotate(Count("pk"))
    ]
    yield gauge("runs_ended_last_day", "Runs that ended in the last 24 hours.", rows, "kind", "outcome")
    due_at = Schedule.objects.filter(next_due_at__lte=now).aggregate(Min("next_due_at"))["next_due_at__min"]
    overdue = (now - due_at).total_seconds() if due_at else 0.0
    yield gauge("schedules_overdue_seconds", "How long the oldest schedule that is due waits.", [((), overdue)])
    newest = Copy.objects.filter(state=CopyState.KEPT).order_by().values_list("policy__slug").annotate(Max("taken_at"))
    ages = [((slug,), (now - at).total_seconds()) for slug, at in newest.order_by("policy__slug")[:MOST_POLICIES]]
    yield gauge("newest_copy_age_seconds", "Age of the newest copy of a policy.", ages, "policy")
