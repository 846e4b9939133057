"""What is kept of runs, and for how long. What they proved is kept for good."""

from datetime import datetime

from django.conf import settings

from backups.choices import RunState
from backups.models import Step
from common.retention import BATCH, forgets


@forgets("output of runs")
def output_of_runs(now: datetime) -> int:
    """What tools printed. Outcomes, times, versions and exit codes stay."""
    ended = {"run__state": RunState.ENDED, "run__ended_at__lt": now - settings.RUN_OUTPUT_KEPT}
    old = Step.objects.filter(**ended).exclude(tail="").order_by("pk").values_list("pk", flat=True)
    return Step.objects.filter(pk__in=list(old[:BATCH])).update(tail="")
