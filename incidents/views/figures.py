"""How long it takes until somebody takes over, the worst is over, it works again; and what comes back."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from common.sheets.writing import write_csv
from incidents import selectors
from incidents.charts import Chart, chart_of
from incidents.selectors.figures import COLUMNS, MEASURES, Figures, FiguresWanted, table_of
from incidents.views.reading import reader


@dataclass(frozen=True)
class Drawn:
    """One measure over all periods."""

    name: str
    label: str | Promise
    chart: Chart


@login_required
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """/incidents/figures/: by severity and by period."""
    found = _found(request)
    context = {"nav": "cases", "figures": found, "measures": MEASURES.items(), "drawn": _drawn(found)}
    return render(request, "incidents/figures.html", context)


@login_required
@require_GET
def figures_csv(request: HttpRequest) -> HttpResponse:
    """/incidents/figures.csv: the same as a table."""
    found = _found(request)
    answer = HttpResponse(write_csv("figures", COLUMNS, table_of(found)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="incident-figures-{timezone.localdate()}.csv"'
    return answer


def _found(request: HttpRequest) -> Figures:
    user = reader(request)
    if not selectors.sees_figures(user):
        raise Http404
    return selectors.recent_figures(user, FiguresWanted.read(request.GET), timezone.now())


def _drawn(found: Figures) -> list[Drawn]:
    drawn = []
    for name, label in MEASURES.items():
        times = [row.times[name] for row in found.by_period]
        chart = chart_of(found.periods, [each.median for each in times], [each.p90 for each in times])
        drawn.append(Drawn(name, label, chart))
    return drawn
