"""Opening an action, and doing something with it: one button each, a page where something has to be said."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actions import selectors, services
from actions.forms import ActionForm, ChangeForm
from actions.models import Action
from actions.moves import ALL, Move
from actions.views.reading import find, reader
from common.errors import DomainError
from common.refusals import add_errors, refuse


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """/actions/new/: somebody decides that something is done by a day."""
    user = reader(request)
    if not selectors.may_open(user):
        raise PermissionDenied
    form = ActionForm(request.POST or None, by=user)
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            action = services.open_action(by=user, **form.action())
        except DomainError as error:
            add_errors(form, error, about="concerns")
            status = error.status
        else:
            messages.success(request, _("%(reference)s is open.") % {"reference": action.reference})
            return redirect(action)
    return render(request, "actions/new.html", {"nav": "actions", "form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """/actions/<reference>/<move>/: its form; posted, it is carried out or refused with what was typed kept."""
    user = reader(request)
    move = ALL.get(name)
    if move is None:
        raise Http404
    action = find(selectors.actionable_by(user), reference)
    if move.may is not None and not move.may(user):
        raise PermissionDenied
    if request.method != "POST":
        return _ask(request, action, move, move.form(action=action))
    form = move.form(request.POST, action=action)
    if not form.is_valid():
        return _ask(request, action, move, form, status=400)
    try:
        move.do(action, user, form.cleaned_data)
    except DomainError as error:
        refuse(form, action, error)
        return _ask(request, action, move, form, status=error.status)
    messages.success(request, str(move.done))
    return redirect(action)


def _ask(request: HttpRequest, action: Action, move: Move, form: ChangeForm, *, status: int = 200) -> HttpResponse:
    context = {"nav": "actions", "action": action, "move": move, "form": form}
    return render(request, "actions/act.html", context, status=status)
