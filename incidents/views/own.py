"""What people may still do with what they reported: say it better, or take it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.refusals import refuse
from incidents import selectors, services
from incidents.choices import State
from incidents.forms import ChangeForm, CorrectionForm, WithdrawForm
from incidents.models import Incident
from incidents.views.reading import find, reader


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """/report/mine/<reference>/correct/"""
    user = reader(request)
    incident = find(selectors.corrected_by(user), reference)
    form = CorrectionForm(request.POST if request.method == "POST" else None, incident=incident)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, incident, form)
    given = dict(form.cleaned_data)
    version = given.pop("version")
    try:
        services.correct(incident_id=incident.pk, by=user, changes=given, version=version)
    except DomainError as error:
        refuse(form, incident, error)
        return _ask(request, incident, form, status=error.status)
    messages.success(request, _("Your report was corrected."))
    return redirect(incident.tracking_url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """/report/mine/<reference>/withdraw/"""
    user = reader(request)
    incident = find(selectors.corrected_by(user), reference)
    form = WithdrawForm(request.POST if request.method == "POST" else None, incident=incident)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, incident, form)
    given = form.cleaned_data
    try:
        after = services.withdraw(incident_id=incident.pk, by=user, reason=given["reason"], version=given["version"])
    except DomainError as error:
        refuse(form, incident, error)
        return _ask(request, incident, form, status=error.status)
    if after.state == State.CANCELLED:
        messages.success(request, _("You took your report back."))
    else:
        messages.success(request, _("Those who work on it were asked to end it."))
    return redirect(incident.tracking_url)


def _ask(request: HttpRequest, incident: Incident, form: ChangeForm, *, status: int | None = None) -> HttpResponse:
    context = {"incident": incident, "form": form, "is_correction": isinstance(form, CorrectionForm)}
    return render(request, "incidents/own.html", context, status=status or (400 if form.is_bound else 200))
