"""Doing something with an incident: one button each, and a page of its own where something has to be said."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from common.refusals import refuse
from incidents import selectors, services
from incidents.errors import ChangedSince
from incidents.forms import ChangeForm, NoteForm
from incidents.meanwhile import spare
from incidents.models import Incident
from incidents.moves import ALL, Move
from incidents.views.reading import BESIDE, find, reader, show_incident
from incidents.views.returning import back, is_part


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """/incidents/<reference>/<move>/: its form; posted, it is carried out or refused with what was typed kept."""
    user = reader(request)
    move = ALL.get(name)
    if move is None:
        raise Http404
    incident = find(selectors.actionable_by(user), reference)
    if request.method != "POST":
        return _ask(request, incident, move, move.form(incident=incident, by=user))
    form = move.form(request.POST, incident=incident, by=user)
    if not form.is_valid():
        return _ask(request, incident, move, form, status=400)
    try:
        done = move.do(incident, user, form.cleaned_data)
    except DomainError as error:
        refuse(form, incident, error)
        return _ask(request, incident, move, form, status=error.status, error=error)
    if not is_part(request):
        messages.success(request, str(move.done))
    return redirect(back(request) or done)


@login_required
@require_POST
def add_note(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/note/: one entry of the timeline; by htmx the new timeline comes back."""
    user = reader(request)
    incident = find(selectors.actionable_by(user).select_related(*BESIDE), reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show_incident(request, incident, note=form, status=400)
    services.note(incident_id=incident.pk, by=user, text=form.cleaned_data["text"])
    return redirect(incident)


def _ask(
    request: HttpRequest,
    incident: Incident,
    move: Move,
    form: ChangeForm,
    *,
    status: int = 200,
    error: DomainError | None = None,
) -> HttpResponse:
    context = {"nav": "incidents", "incident": incident, "move": move, "form": form, "back": back(request)}
    context["refusal"] = error
    if isinstance(error, ChangedSince):
        context["stale"] = error
        context["spared"] = spare(form, move.form(incident=incident, by=form.by), error)
        context["is_possible"] = incident.state in move.states
    return render(request, "incidents/act.html", context, status=status)
