"""What is kept of runs, and for how long. What they proved is kept for good."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from backups.choices import AssertionCode, RunState
from backups.models import Assertion, Step
from common.retention import BATCH, forgets


@forgets("output of runs")
def output_of_runs(now: datetime) -> int:
    """What tools printed. Outcomes, times, versions and exit codes stay."""
    return _emptied(Step.objects.all(), "tail", now)


@forgets("answers from restored data")
def answers_from_restored_data(now: datetime) -> int:
    """What the questions of a policy found there: it may be about people. What was expected, and the outcome, stay."""
    return _emptied(Assertion.objects.filter(label_code=AssertionCode.DECLARED), "found", now)


def _emptied(rows: QuerySet[Any], column: str, now: datetime) -> int:
    """Empty the column where the run ended long ago, a batch at once."""
    ended = {"run__state": RunState.ENDED, "run__ended_at__lt": now - settings.RUN_OUTPUT_KEPT}
    old = rows.filter(**ended).exclude(**{column: ""}).order_by("pk").values_list("pk", flat=True)
    return rows.filter(pk__in=list(old[:BATCH])).update(**{column: ""})
