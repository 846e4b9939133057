"""A person says that something is wrong."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import DomainError
from common.paging import Pages
from incidents import selectors, services
from incidents.forms import ReportForm
from incidents.limits import check_rate
from incidents.models import Incident
from incidents.references import number_of
from people.models import User

REPORTS_PER_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """/report/: the form; what was typed is kept whatever happens."""
    user = _reporter(request)
    if "me_too" in request.POST:
        return _join(request, user)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_rate(request, "report")
        except DomainError as error:
            form.add_error(None, error.message)
            return _form(request, form, status=error.status)
        incident = services.report(by=user, **form.report())
        messages.success(request, _("Thank you. Your report was sent as %(reference)s.") % {"reference": incident})
        return redirect(incident.tracking_url)
    return _form(request, form, status=400 if form.is_bound else 200)


@login_required
@require_GET
def known(request: HttpRequest) -> HttpResponse:
    """/report/known/: live problems in the same words, while a report is typed."""
    _reporter(request)
    return render(request, "incidents/_known.html", {"known": _known(request)})


@login_required
@require_GET
def my_reports(request: HttpRequest) -> HttpResponse:
    """/report/mine/: what the reader reported or joined, newest first."""
    user = _signed_in(request)
    mine = selectors.open_to(user) if not selectors.can_act(user) else selectors.reported_by(user)
    page = Pages(mine.select_related("owner", "reporter"), REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "incidents/my_reports.html", {"page": page, "reader": user})


def _join(request: HttpRequest, user: User) -> HttpResponse:
    check_rate(request, "join")
    number = number_of(request.POST["me_too"])
    incident = get_object_or_404(selectors.joinable_by(user), number=number or 0)
    services.join(incident_id=incident.pk, by=user)
    messages.success(request, _("You hear as soon as there is news."))
    return redirect("incident", incident.reference)


def _form(request: HttpRequest, form: ReportForm, *, status: int) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "nav": "report", "known": _known(request)}
    return render(request, "incidents/report.html", context, status=status)


def _known(request: HttpRequest) -> list[Incident]:
    said = request.POST or request.GET
    kind, _colon, thing = said.get("concerns", "").partition(":")
    thing = thing if _is_id(thing) else ""
    return list(
        selectors.known_problems(
            _signed_in(request),
            text=said.get("description", "").replace("\0", "")[:1000],
            service_id=thing if kind == "service" else "",
            system_id=thing if kind == "system" else "",
        )
    )


def _reporter(request: HttpRequest) -> User:
    user = _signed_in(request)
    if not selectors.may_report(user):
        raise PermissionDenied
    return user


def _signed_in(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def _is_id(text: str) -> bool:
    return len(text) == 36 and all(character in "0123456789abcdef-" for character in text) and text.count("-") == 4
