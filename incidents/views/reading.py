"""The list of incidents and the page of one."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from common.paging import Pages
from incidents import selectors
from incidents.bulk import bulk_moves
from incidents.chips import chips, chosen
from incidents.forms import FilterForm, NoteForm
from incidents.models import Incident
from incidents.moves import offered
from incidents.references import number_of
from incidents.selectors import Wanted
from incidents.views.tracking import show
from people.models import User
from people.selectors import reads_all

PER_PAGE = 30
VIEWS_SHOWN = 12
#: Rows that the page of one incident names.
BESIDE = ("owner", "reporter", "previous", "team", "merged_into")


@login_required
@require_GET
def incidents(request: HttpRequest) -> HttpResponse:
    """/incidents/: what the address asks for, worst first while they live. Reporters have a list of their own."""
    user = reader(request)
    if not reads_all(user):
        return redirect("my_reports")
    if not request.GET and (first := selectors.beginning_of(user)) is not None:
        return redirect(f"{reverse('incidents')}?{first.query}")
    wanted = Wanted.read(request.GET)
    found, filters = selectors.found(user, wanted), FilterForm(wanted, user)
    page = Pages(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "incidents",
        "page": page,
        "clocks": selectors.clocks_of(page.object_list, timezone.now()),
        "found": found,
        "wanted": wanted,
        "filters": filters,
        "chips": chips(wanted),
        "chosen": chosen(wanted, filters),
        "views": list(selectors.views_of(user)[:VIEWS_SHOWN]),
        "bulk": bulk_moves() if selectors.can_act(user) else [],
    }
    return render(request, "incidents/incidents.html", context)


@login_required
@require_GET
def incident(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/: all of it for those who work on it; its public part for those who reported or joined."""
    user = reader(request)
    found = find(selectors.open_to(user).select_related(*BESIDE), reference)
    if reads_all(user):
        return show_incident(request, found)
    if found.reporter_id == user.pk:
        return redirect(found.tracking_url)
    return show(request, found)


@login_required
@require_GET
def thread(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/thread/: only what happened, for a page that stays up to date."""
    user = reader(request)
    found = find(selectors.visible_to(user) if reads_all(user) else Incident.objects.none(), reference)
    return render(request, "incidents/_thread.html", {"events": selectors.events_of(found)})


@login_required
@require_GET
def clocks(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/clocks/: only its clocks, for a page that stays up to date."""
    user = reader(request)
    found = find(selectors.visible_to(user) if reads_all(user) else Incident.objects.none(), reference)
    now = timezone.now()
    context = {"incident": found, "clocks": selectors.clocks_of([found], now)[found.pk], "now": now}
    return render(request, "incidents/page/_clocks.html", context)


def show_incident(
    request: HttpRequest, found: Incident, *, note: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of one incident, with what the reader may do."""
    user = reader(request)
    page = selectors.page_of(found, user)
    context = {
        "nav": "incidents",
        "incident": found,
        "page": page,
        "offer": offered(found, user) if page.can_act else None,
        "note": note or NoteForm(),
    }
    return render(request, "incidents/incident.html", context, status=status)


def find(incidents_open: QuerySet[Incident], reference: str) -> Incident:
    """The incident that people call so. Raises Http404 when it is not among those that are open to the reader."""
    number = number_of(reference)
    if number is None:
        raise Http404
    return get_object_or_404(incidents_open, number=number)


def reader(request: HttpRequest) -> User:
    """Who is signed in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user
