"""Doing one thing with many incidents of a list."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents import selectors
from incidents.bulk import MOST, Chosen, bulk_moves, carry_out
from incidents.errors import TooManyAtOnce
from incidents.forms import ChangeForm
from incidents.models import Incident
from incidents.moves import Move
from incidents.views.reading import reader
from incidents.views.returning import back
from people.models import User
from people.selectors import reads_all

#: A box of the list: the reference, and the version that was seen.
BOX = re.compile(r"(INC-[0-9]{1,18}):([0-9]{1,9})")


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """/incidents/bulk/: `do` one thing with every `chosen` one. What has to be said first is asked for on a page.

    Each ends on its own; the answer says of each what became of it.
    """
    user = reader(request)
    if not reads_all(user):
        raise Http404
    if not selectors.can_act(user):
        raise PermissionDenied
    move = next((each for each in bulk_moves() if each.name == request.POST.get("do")), None)
    if move is None:
        raise Http404
    boxes = request.POST.getlist("chosen")
    chosen = [Chosen(box[1], int(box[2])) for said in boxes if (box := BOX.fullmatch(said))]
    if not chosen:
        messages.warning(request, _("Choose at least one incident."))
        return redirect(back(request) or "incidents")
    if len(chosen) > MOST:
        raise TooManyAtOnce(most=MOST)
    numbers = [int(each.reference.removeprefix("INC-")) for each in chosen]
    named = selectors.actionable_by(user).filter(number__in=numbers).order_by("severity", "-reported_at")
    form = _form(request, user, move, list(named))
    if move.needs_page and not form.is_valid():
        return _ask(request, move, chosen, form)
    outcomes = carry_out(move, chosen, by=user, given=form.cleaned_data if move.needs_page else {})
    return _told(request, move, outcomes)


def _form(request: HttpRequest, user: User, move: Move, named: list[Incident]) -> ChangeForm:
    """The move's own form without a version: each of them has its own."""
    is_sent = request.POST.get("step") == "send"
    form = move.form(request.POST if is_sent else None, incident=Incident(), by=user, among=named)
    del form.fields["version"]
    form.initial = {}
    return form


def _ask(request: HttpRequest, move: Move, chosen: list[Chosen], form: ChangeForm) -> HttpResponse:
    context = {
        "nav": "incidents",
        "move": move,
        "form": form,
        "boxes": [f"{each.reference}:{each.version}" for each in chosen],
        "incidents": form.among,
        "back": back(request),
    }
    return render(request, "incidents/bulk.html", context, status=400 if form.is_bound else 200)


def _told(request: HttpRequest, move: Move, outcomes: list[Any]) -> HttpResponse:
    refused = [each for each in outcomes if not each.is_done]
    done = [each for each in outcomes if each.is_done]
    context = {"nav": "incidents", "move": move, "done": done, "refused": refused, "back": back(request)}
    return render(request, "incidents/bulk_done.html", context)
