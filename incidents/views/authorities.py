"""Reports to authorities: one page for each, with the step that is next."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import DomainError
from common.refusals import add_errors
from incidents import selectors, services
from incidents.forms.authorities import DraftForm, MailForm, ProofForm, RequireForm, SentForm, StepForm, WaiveForm
from incidents.models import AuthorityReport, Incident
from incidents.telling.choices import ReportState
from incidents.views.reading import find, reader
from people.models import User
from people.selectors import reads_all


@dataclass(frozen=True)
class Step:
    """One thing to do with a report: in which states, with which form."""

    name: str
    label: Any
    form: type[StepForm]
    states: tuple[ReportState, ...]
    do: Callable[[AuthorityReport, User, dict[str, Any]], Any]
    suits: Callable[[AuthorityReport], bool] = lambda _report: True


def _sent(report: AuthorityReport, by: User, given: dict[str, Any]) -> None:
    proof = given.pop("proof", None)
    services.note_sent(report_id=report.pk, by=by, **given)
    if proof:
        _prove(report, by, {"proof": proof})


def _prove(report: AuthorityReport, by: User, given: dict[str, Any]) -> None:
    file = services.attach(incident_id=report.incident_id, stream=given["proof"], name=given["proof"].name, by=by)
    services.add_proof(report_id=report.pk, attachment_id=file.pk, by=by)


WRITTEN_IN = (ReportState.DUE, ReportState.DRAFTED, ReportState.APPROVED, ReportState.RETURNED)
SENT_FROM = (ReportState.APPROVED, ReportState.SENDING, ReportState.RETURNED)
#: In the order in which they are offered.
STEPS = {
    step.name: step
    for step in (
        Step(
            "mail", _("Send it by mail"), MailForm, (ReportState.APPROVED, ReportState.RETURNED),
            lambda report, by, given: services.mail_report(report_id=report.pk, by=by, **given), services.may_mail,
        ),
        Step("sent", _("It was sent"), SentForm, SENT_FROM, _sent),
        Step(
            "approve", _("Approve it"), StepForm, (ReportState.DRAFTED,),
            lambda report, by, given: services.approve_report(report_id=report.pk, by=by, **given),
        ),
        Step(
            "draft", _("Write it"), DraftForm, WRITTEN_IN,
            lambda report, by, given: services.draft_report(report_id=report.pk, by=by, **given),
        ),
        Step("proof", _("Add a proof"), ProofForm, (ReportState.SENT,), _prove),
        Step(
            "waive", _("It is not needed"), WaiveForm, WRITTEN_IN,
            lambda report, by, given: services.waive_report(report_id=report.pk, by=by, **given),
        ),
        Step(
            "need", _("It is needed after all"), StepForm, (ReportState.NOT_NEEDED,),
            lambda report, by, given: services.need_report_again(report_id=report.pk, by=by, **given),
        ),
    )
}  # fmt: skip


@login_required
@require_POST
def require_report(request: HttpRequest, reference: str) -> HttpResponse:
    """POST /incidents/<reference>/reports/: this incident must be reported to an authority."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    form = RequireForm(request.POST)
    if not form.is_valid():
        messages.warning(request, str(_("Choose an authority.")))
        return redirect(incident)
    report = services.require_report(incident_id=incident.pk, authority_id=form.cleaned_data["authority"].pk, by=user)
    return redirect(report.get_absolute_url())


@login_required
@require_GET
def authority_report(request: HttpRequest, reference: str, report_id: uuid.UUID) -> HttpResponse:
    """/incidents/<reference>/reports/<id>/: how it stands, what is written, what is next."""
    user = reader(request)
    if not reads_all(user):
        raise Http404
    incident, report = _found(request, reference, report_id, selectors.visible_to(user))
    return _show(request, incident, report, user)


@login_required
@require_POST
def authority_step(request: HttpRequest, reference: str, report_id: uuid.UUID, step: str) -> HttpResponse:
    """POST …/reports/<id>/<step>/: done, or the page again with what was typed and why not."""
    user = reader(request)
    incident, report = _found(request, reference, report_id, selectors.actionable_by(user))
    wanted = STEPS.get(step)
    if wanted is None:
        raise Http404
    form = wanted.form(request.POST, request.FILES, report=report)
    if not form.is_valid():
        return _show(request, incident, report, user, form, step, status=400)
    given = form.cleaned_data
    if step == "proof":
        given.pop("version")
    try:
        wanted.do(report, user, given)
    except DomainError as error:
        report.refresh_from_db()
        add_errors(form, error)
        return _show(request, incident, report, user, form, step, status=error.status)
    messages.success(request, str(_("It was written down.")))
    return redirect(report.get_absolute_url())


def _found(request: HttpRequest, reference: str, report_id: uuid.UUID, seen: Any) -> tuple[Incident, AuthorityReport]:
    incident = find(seen, reference)
    rows = incident.authority_reports.select_related(
        "incident", "authority", "drafted_by", "approved_by", "sent_by", "settled_by", "mail"
    )
    return incident, get_object_or_404(rows.prefetch_related("proofs__file"), pk=report_id)


def _show(
    request: HttpRequest,
    incident: Incident,
    report: AuthorityReport,
    user: User,
    form: StepForm | None = None,
    step: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    offered = [
        each for each in STEPS.values() if (report.state in each.states and each.suits(report)) or each.name == step
    ]
    if report.state == ReportState.DRAFTED and report.drafted_by_id == user.pk:
        # Who wrote it cannot approve it: to them writing it anew comes first.
        offered.sort(key=lambda each: each.name == "approve")
    steps = [(each, form if form and each.name == step else _fresh(each, report)) for each in offered]
    steps = steps if selectors.can_act(user) else []
    context = {"nav": "incidents", "incident": incident, "report": report, "steps": steps, "is_wrong": step}
    context["mails"] = list(report.mail.deliveries.all()) if report.mail else []
    return render(request, "incidents/authority_report.html", context, status=status)


def _fresh(step: Step, report: AuthorityReport) -> StepForm:
    form = step.form(report=report)
    if isinstance(form, DraftForm):
        form.initial["text"] = report.text or services.drafted_text(report)
    return form
