"""How severe what is."""

from dataclasses import dataclass
from itertools import product

from incidents.choices import SCALES_OF_SEVERITY, SEVERITY, Scale
from incidents.models import SeverityMatrix

#: (impact, urgency) → the column that holds its severity.
COLUMNS = {
    (impact.value, urgency.value): f"{impact.name.lower()}_{urgency.name.lower()}"
    for impact, urgency in product(Scale, Scale)
}


@dataclass(frozen=True)
class Matrix:
    """The table as it is now.  cells: (impact, urgency) → severity."""

    cells: dict[tuple[int, int], int]

    def severity_of(self, impact: int, urgency: int) -> int:
        """1 is the worst. Raises KeyError for scales that do not exist."""
        return self.cells[impact, urgency]

    def scales_of(self, severity: int) -> tuple[int, int] | None:
        """(impact, urgency) that stand for a severity which is set by name. None: the table gives it to nothing."""
        usual = SCALES_OF_SEVERITY[severity]
        if self.cells[usual] == severity:
            return usual
        return next((scales for scales, found in self.cells.items() if found == severity), None)


def severity_matrix() -> Matrix:
    """What holds from now on; incidents keep the severity that they were given. One query by the key of the one row.

    Read anew each time, as part of the transaction that judges: so a change holds from the next report on.
    """
    row = SeverityMatrix.objects.first()
    if row is None:
        return Matrix(dict(SEVERITY))
    return Matrix({scales: getattr(row, column) for scales, column in COLUMNS.items()})
