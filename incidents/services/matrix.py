"""How severe what is: decided by administrators."""

from collections.abc import Mapping
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from common.versions import check_version, raise_version
from incidents.choices import SEVERITY, Scale
from incidents.errors import Unfit
from incidents.models import SeverityMatrix
from incidents.selectors.matrix import COLUMNS
from ledger.services import record
from people.models import User

SEVERITIES = range(1, 5)


@transaction.atomic
def set_matrix(*, cells: Mapping[tuple[int, int], int], by: User | str, version: int | None = None) -> SeverityMatrix:
    """From now on these severities follow.  cells: {(impact, urgency): severity}; what is not named stays.

    Incidents keep the severity that they have. Raises Unfit with `fields` when something worse would be less severe,
    or Stale.
    """
    first = {column: SEVERITY[scales] for scales, column in COLUMNS.items()}
    SeverityMatrix.objects.bulk_create([SeverityMatrix(pk=1, **first)], ignore_conflicts=True)
    matrix = SeverityMatrix.objects.select_for_update().get(pk=1)
    check_version(matrix, version)
    before = {scales: getattr(matrix, column) for scales, column in COLUMNS.items()}
    wanted = {**before, **cells}
    check_matrix(wanted)
    changed = [COLUMNS[scales] for scales in COLUMNS if wanted[scales] != before[scales]]
    if changed:
        for scales, column in COLUMNS.items():
            setattr(matrix, column, wanted[scales])
        raise_version(matrix).save(update_fields=[*changed, "version"])
        data = {
            "before": {column: before[scales] for scales, column in COLUMNS.items() if column in changed},
            "after": {column: wanted[scales] for scales, column in COLUMNS.items() if column in changed},
        }
        record(verb="severity_matrix.changed", subject=matrix, actor=by, data=data)
    return matrix


def check_matrix(cells: Mapping[tuple[int, int], int]) -> None:
    """Raises Unfit with a sentence beside each field that is out of order."""
    fields: dict[str, list[str]] = {}
    for scales, severity in cells.items():
        if scales not in COLUMNS or severity not in SEVERITIES:
            fields.setdefault(COLUMNS.get(scales, "impact"), []).append(_("Choose a severity from 1 to 4."))
    for worse, better in pairwise(Scale):
        for other in Scale:
            _compare(cells, (worse, other), (better, other), fields)
            _compare(cells, (other, worse), (other, better), fields)
    if fields:
        raise Unfit(fields=fields)


def _compare(
    cells: Mapping[tuple[int, int], int], worse: tuple[int, int], better: tuple[int, int], fields: dict[str, list[str]]
) -> None:
    if cells[worse] > cells[better]:
        said = _("This may not be less severe than “%(other)s”, which is severity %(severity)s.") % {
            "other": SeverityMatrix._meta.get_field(COLUMNS[better]).verbose_name,  # type: ignore[union-attr]  # a column
            "severity": cells[better],
        }
        fields.setdefault(COLUMNS[worse], []).append(said)
