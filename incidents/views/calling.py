"""Calling people about an incident: the next ones at once, or nobody any more."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import DomainError
from incidents import selectors, services
from incidents.models import Incident
from incidents.views.reading import find, reader


@login_required
@require_POST
def escalate(request: HttpRequest, reference: str) -> HttpResponse:
    """POST /incidents/<reference>/escalate/"""
    return _carry_out(request, reference, services.escalate_now, _("The next step was taken."))


@login_required
@require_POST
def still_on_it(request: HttpRequest, reference: str) -> HttpResponse:
    """POST /incidents/<reference>/still-on-it/"""
    return _carry_out(request, reference, services.still_on_it, _("Nobody else is called."))


def _carry_out(request: HttpRequest, reference: str, service: Callable[..., Incident], done: str) -> HttpResponse:
    """Back to the page, with what came of it."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    try:
        service(incident_id=incident.pk, by=user)
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(incident)
