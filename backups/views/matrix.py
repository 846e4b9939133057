"""All policies at one glance: the worst first."""

from typing import Any

from django.utils import timezone

from backups.selectors import PolicyRow, matrix
from backups.views.access import BackupsPage
from catalog.choices import Proof
from catalog.proof import how_bad


class MatrixPage(BackupsPage):
    """Every policy with its last backup, check and proven restore. `?show=attention` leaves out what is well."""

    template_name = "backups/matrix.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        rows = sorted(matrix(self.request.user, now=now), key=lambda row: how_bad(row.verdict))
        needing = [row for row in rows if _needs_attention(row)]
        is_narrow = self.request.GET.get("show") == "attention"
        return super().get_context_data(
            rows=needing if is_narrow else rows,
            all_count=len(rows),
            needing_count=len(needing),
            is_narrow=is_narrow,
            counts={proof.value: sum(row.verdict.proof == proof for row in rows) for proof in Proof},
            now=now,
            **kwargs,
        )


def _needs_attention(row: PolicyRow) -> bool:
    """Not proven, or something failed that nothing later covers."""
    return row.is_failing or row.verdict.proof != Proof.PROVEN
