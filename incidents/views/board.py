"""The board, and what can be done with one of its cards."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from incidents import selectors
from incidents.board import card_of
from incidents.chips import chips, chosen
from incidents.forms import FilterForm
from incidents.moves import offered
from incidents.selectors import Wanted
from incidents.selectors.wanted import LIVE_ONES
from incidents.views.reading import find, reader
from incidents.views.returning import back, is_part
from people.selectors import reads_all


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """/incidents/board/: a column for each state in which something is still to be done, and what was resolved today.

    Asked for by htmx, only the columns.
    """
    user = reader(request)
    if not reads_all(user):
        return redirect("my_reports")
    wanted, now = Wanted.read(request.GET).but(state=LIVE_ONES, sort=""), timezone.now()
    found = selectors.board_of(user, wanted, now)
    columns = [
        (column, [card_of(incident) for incident in column.incidents], wanted.but(state=column.state).address)
        for column in found
    ]
    context = {"nav": "incidents", "columns": columns, "wanted": wanted, "can_act": selectors.can_act(user)}
    context["clocks"] = selectors.clocks_of([each for column in found for each in column.incidents], now)
    if is_part(request):
        return _varying(render(request, "incidents/_board.html", context))
    filters = FilterForm(wanted, user)
    context |= {"chips": chips(wanted, "incidents_board"), "chosen": chosen(wanted, filters, "incidents_board")}
    context["filters"] = [field for field in filters if field.name not in ("state", "sort")]
    return _varying(render(request, "incidents/board.html", context))


@login_required
@require_GET
def moves(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/moves/: everything that can be done with it now, as buttons; by htmx without the page."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    offer = offered(incident, user)
    each = [*([offer.first] if offer.first else []), *offer.beside, *offer.more]
    context = {"nav": "incidents", "incident": incident, "moves": each, "back": back(request)}
    page = "incidents/_moves.html" if is_part(request) else "incidents/moves.html"
    return _varying(render(request, page, context))


def _varying(answer: HttpResponse) -> HttpResponse:
    """A part must not be kept as the page."""
    patch_vary_headers(answer, ["HX-Request"])
    return answer
