"""The review of an incident: read, written, sent for approval, approved or sent back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import DomainError, Stale
from common.refusals import add_errors, refuse
from incidents import selectors, services
from incidents.forms import ReviewForm, SendBackForm
from incidents.models import Incident, Review
from incidents.views.reading import find, reader
from people.models import User


@login_required
@require_GET
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/review/: what was written so far, and what comes next."""
    user = reader(request)
    return show_review(request, _review(find(_open_to(user), reference)), nav="incidents")


@login_required
@require_POST
def begin_review(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/review/begin/: drafted from the timeline; then it is written."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    try:
        services.begin_review(incident_id=incident.pk, by=user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(incident)
    return redirect("incident_review_edit", incident.reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_review(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/review/edit/: the editor. What was typed is never lost, whoever else wrote meanwhile."""
    user = reader(request)
    found = _review(find(selectors.actionable_by(user), reference))
    if not found.is_writable:
        messages.info(request, _("It cannot be changed now."))
        return redirect(found)
    form = ReviewForm(request.POST or None, review=found)
    if request.method != "POST":
        return _editor(request, found, form)
    if not form.is_valid():
        return _editor(request, found, form, status=400)
    try:
        _write(found, form, user, is_sent="send" in request.POST)
    except Stale as error:
        found = _review(found.incident)
        form.merge(found)
        return _editor(request, found, form, status=error.status, is_stale=True)
    except DomainError as error:
        # The words were kept; what is missing before it can be sent is said beside them.
        found = _review(found.incident)
        form.renew(found)
        add_errors(form, error)
        return _editor(request, found, form, status=error.status)
    sent = _("It was sent for approval.") if "send" in request.POST else _("It is kept.")
    messages.success(request, sent)
    return redirect(found)


@login_required
@require_POST
def approve_review(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/review/approve/: it stands in the library, and the incident is closed."""
    user = reader(request)
    found = _review(find(selectors.actionable_by(user), reference))
    version = request.POST.get("version", "")
    try:
        seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
        services.approve_review(review_id=found.pk, by=user, version=seen)
    except DomainError as error:
        messages.error(request, error.message)
        return show_review(request, _review(found.incident), nav="incidents", status=error.status)
    messages.success(request, _("It is approved, and stands in the case library now."))
    return redirect("case", found.incident.reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_back_review(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/review/send-back/: with the reason."""
    user = reader(request)
    found = _review(find(selectors.actionable_by(user), reference))
    form = SendBackForm(request.POST or None, initial={"version": found.version})
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.send_back_review(review_id=found.pk, by=user, **form.cleaned_data)
        except DomainError as error:
            refuse(form, found, error)
            status = error.status
        else:
            messages.success(request, _("It was sent back."))
            return redirect("incident_review", found.incident.reference)
    context = {"nav": "incidents", "incident": found.incident, "review": found, "form": form}
    return render(request, "incidents/review_send_back.html", context, status=status)


def show_review(request: HttpRequest, found: Review, *, nav: str, status: int = 200) -> HttpResponse:
    """The page of one review."""
    user = reader(request)
    context = {
        "nav": nav,
        "incident": found.incident,
        "review": found,
        "page": selectors.page_of_review(found, user),
        "can_write": found.is_writable and selectors.writes_reviews(user),
        "can_approve": selectors.may_approve(user, found),
    }
    return render(request, "incidents/review.html", context, status=status)


def _write(found: Review, form: ReviewForm, by: User, *, is_sent: bool) -> None:
    version = form.cleaned_data["version"]
    written = services.write_review(review_id=found.pk, by=by, changes=form.changes(), version=version)
    if is_sent:
        services.submit_review(review_id=found.pk, by=by, version=written.version)


def _editor(
    request: HttpRequest, found: Review, form: ReviewForm, *, status: int = 200, is_stale: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "nav": "incidents",
        "incident": found.incident,
        "review": found,
        "form": form,
        "is_stale": is_stale,
        "theirs": [(form[name], words) for name, words in form.theirs.items()],
        "page": selectors.page_of_review(found, reader(request)),
    }
    return render(request, "incidents/review_edit.html", context, status=status)


def _open_to(user: User) -> Any:
    return selectors.visible_to(user) if selectors.reads_timeline(user) else Incident.objects.none()


def _review(incident: Incident) -> Review:
    """Raises Http404 where nobody began one."""
    found = selectors.review_of(incident)
    if found is None:
        raise Http404
    return found
