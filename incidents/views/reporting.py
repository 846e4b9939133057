"""A person says that something is wrong."""

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import DomainError
from common.paging import Pages
from common.refusals import add_errors
from incidents import selectors, services
from incidents.forms import OutsideReportForm, ReportForm, StaffReportForm
from incidents.limits import check_rate
from incidents.models import Incident
from incidents.references import number_of
from incidents.views.uploads import drop_asked, keep_sent, waiting
from people.models import User
from people.selectors import Anyone

REPORTS_PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """/report/: the form; what was typed and sent is kept whatever happens. Open to all where that is switched on."""
    user = request.user
    if not selectors.may_report_here(user):
        if user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        return _show(request, _form(request), status=200)
    if "me_too" in request.POST:
        return _join(request, user) if isinstance(user, User) else _join_from_outside(request)
    form = _form(request)
    if drop_asked(request, form.key):
        return _show(request, _form(request, is_seen=True), status=200)
    status = keep_sent(request, form)
    if not form.is_valid() or status:
        return _show(request, form, status=status or 400)
    return _send(request, form)


@require_GET
def known(request: HttpRequest) -> HttpResponse:
    """/report/known/: live problems in the same words, while a report is typed."""
    if not selectors.may_report_here(request.user):
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())
    return render(request, "incidents/_known.html", _looks_the_same(request))


@login_required
@require_GET
def my_reports(request: HttpRequest) -> HttpResponse:
    """/report/mine/: what the reader reported or joined, newest first."""
    user = _signed_in(request)
    mine = selectors.open_to(user) if not selectors.can_act(user) else selectors.reported_by(user)
    page = Pages(mine.select_related("owner", "reporter"), REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "incidents/my_reports.html", {"page": page, "reader": user})


def _send(request: HttpRequest, form: ReportForm, known: Incident | None = None) -> HttpResponse:
    by, known_id = _person(request.user), known and known.pk
    try:
        check_rate(request, "report")
        with transaction.atomic():
            files = services.take_uploads(form.key, by)
            given = {**form.report(), "known_id": known_id}
            incident = services.report(by=by, **given, files=files, key=_once(form.key, by))
    except DomainError as error:
        add_errors(form, error, occurred_at="since_at")
        return _show(request, form, status=error.status)
    messages.success(request, _("Thank you. Your report was sent as %(reference)s.") % {"reference": incident})
    return redirect(incident.tracking_url)


def _join(request: HttpRequest, user: User) -> HttpResponse:
    check_rate(request, "join")
    incident = _named(request)
    form = _form(request)
    keep_sent(request, form)
    with transaction.atomic():
        files = services.take_uploads(form.key, user)
        said = request.POST.get("description", "").replace("\0", "")
        services.join(incident_id=incident.pk, by=user, text=said, files=files)
    messages.success(request, _("You hear as soon as there is news."))
    return redirect("incident", incident.reference)


def _join_from_outside(request: HttpRequest) -> HttpResponse:
    """Their report needs no words, is worked on there, and has its own tracking page."""
    known, form = _named(request), OutsideReportForm(request.POST, by=request.user)
    form.fields["description"].required = False
    status = keep_sent(request, form)
    if not form.is_valid() or status:
        return _show(request, form, status=status or 400)
    return _send(request, form, known)


def _named(request: HttpRequest) -> Incident:
    """The known problem that they have too."""
    number = number_of(request.POST["me_too"])
    return get_object_or_404(selectors.joinable_by(request.user), number=number or 0)


def _form(request: HttpRequest, *, is_seen: bool = False) -> ReportForm:
    """is_seen: what was typed is shown again, and nothing is said of what is missing."""
    kind = StaffReportForm if request.user.is_authenticated else OutsideReportForm
    if is_seen:
        form = kind(by=request.user, initial={name: request.POST.get(name, "") for name in request.POST})
        form._key = kind(request.POST, by=request.user).key
        return form
    return kind(request.POST if request.method == "POST" else None, by=request.user)


def _show(request: HttpRequest, form: ReportForm, *, status: int) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "nav": "report",
        **_looks_the_same(request),
        "uploads": waiting(request, form.key),
        "shown": OutsideReportForm.shown_now() if isinstance(form, OutsideReportForm) else "",
    }
    return render(request, "incidents/report.html", context, status=status)


def _looks_the_same(request: HttpRequest) -> dict[str, list[Incident]]:
    """known: what staff may join, by its public title.  alike: what else is being worked on, for who reads it whole."""
    known = _known(request)
    text = (request.POST or request.GET).get("description", "")[:1000]
    alike = selectors.live_like(text, request.user, most=selectors.OFFERED) if text.strip() else []
    return {"known": known, "alike": [each.incident for each in alike if each.incident not in known]}


def _known(request: HttpRequest) -> list[Incident]:
    said = request.POST or request.GET
    kind, _colon, thing = said.get("concerns", "").partition(":")
    thing = thing if _is_id(thing) else ""
    return selectors.known_problems(
        request.user,
        text=said.get("description", "").replace("\0", "")[:1000],
        service_id=thing if kind == "service" else "",
        system_id=thing if kind == "system" else "",
        error_code=said.get("error_code", "").replace("\0", "")[:100],
    )


def _once(key: str, by: User | None) -> str:
    """What makes this form's report one report: nobody else can have the same."""
    return sha256(f"{by.pk if by else 'outside'}:{key}".encode()).hexdigest()


def _person(user: Anyone) -> User | None:
    return user if isinstance(user, User) else None


def _signed_in(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def _is_id(text: str) -> bool:
    return len(text) == 36 and all(character in "0123456789abcdef-" for character in text) and text.count("-") == 4
