"""What must not be forgotten after an incident: an action that outlives it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actions.choices import SourceKind
from actions.forms import ActionForm
from actions.links import About, Source
from actions.services import open_action
from common.errors import DomainError
from common.refusals import add_errors
from incidents import selectors
from incidents.models import Incident
from incidents.views.reading import find, reader


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_action(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/actions/: somebody does something by a day because of this incident."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    form = ActionForm(request.POST or None, known=_known(incident), by=user)
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        given = {**form.action(), "source": _source(incident), "is_restricted": incident.is_restricted}
        try:
            action = open_action(by=user, **given)
        except DomainError as error:
            add_errors(form, error, about="concerns")
            status = error.status
        else:
            messages.success(request, _("%(reference)s is open.") % {"reference": action.reference})
            return redirect(incident)
    context = {"nav": "incidents", "form": form, "incident": incident}
    return render(request, "actions/new.html", context, status=status)


def _source(incident: Incident) -> Source:
    return Source(
        SourceKind.INCIDENT,
        incident.reference,
        incident.get_absolute_url(),
        incident.title,
        selectors.key_of(incident),
    )


def _known(incident: Incident) -> list[About]:
    """The backup policy that caused it, if one did: its restore tests prove what is done about it."""
    if not incident.cause_key.startswith("backups.policy:"):
        return []
    return [About(incident.cause_key, str(incident.title_values.get("policy") or incident.shown_title))]
