"""Saved views: filters of the list under a name, one's own or shared with a team."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from common.refusals import add_errors, refuse
from incidents import selectors, services
from incidents.forms import ViewForm
from incidents.models.lists import QUERY_LENGTH
from incidents.views.reading import reader
from people.models import User
from people.selectors import reads_all


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: HttpRequest) -> HttpResponse:
    """/incidents/views/: all of them, and a new one of the filters in `?query=`."""
    user = _reader(request)
    if request.method != "POST":
        asked = request.GET.get("query", "")[:QUERY_LENGTH]
        return _page(request, user, ViewForm(by=user, query=asked.replace("\0", "")))
    form = ViewForm(request.POST, by=user)
    if not form.is_valid():
        return _page(request, user, form, status=400)
    given = form.cleaned_data
    try:
        view = services.save_view(by=user, name=given["name"], query=given["query"], team=given["team"])
    except DomainError as error:
        add_errors(form, error)
        return _page(request, user, form, status=error.status)
    messages.success(request, _("“%(name)s” is kept.") % {"name": view.name})
    return redirect(f"{reverse('incidents')}?{view.query}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/incidents/views/<id>/: its name and with whom it is shared; only for its owner."""
    user = _reader(request)
    view = get_object_or_404(selectors.view_at(user, pk))
    if request.method != "POST":
        return _page(request, user, ViewForm(by=user, view=view), view=view)
    form = ViewForm(request.POST, by=user, view=view)
    status = 400
    if form.is_valid():
        given = dict(form.cleaned_data)
        version = given.pop("version")
        try:
            services.change_view(view_id=view.pk, by=user, changes=given, version=version)
        except DomainError as error:
            refuse(form, view, error)
            status = error.status
        else:
            messages.success(request, _("“%(name)s” was changed.") % {"name": given["name"]})
            return redirect("incident_views")
    return _page(request, user, form, status=status, view=view)


@login_required
@require_POST
def remove_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/incidents/views/<id>/remove/: gone, also for the team."""
    user = _reader(request)
    view = get_object_or_404(selectors.view_at(user, pk))
    services.remove_view(view_id=view.pk, by=user)
    messages.success(request, _("“%(name)s” is gone.") % {"name": view.name})
    return redirect("incident_views")


@login_required
@require_POST
def first_view(request: HttpRequest) -> HttpResponse:
    """/incidents/views/first/: the list begins with `view`, or plainly without one."""
    user = _reader(request)
    asked = request.POST.get("view", "")
    wanted = next((view for view in selectors.views_of(user) if str(view.pk) == asked), None)
    services.begin_with(by=user, view_id=wanted.pk if wanted else None)
    return redirect("incident_views")


def _reader(request: HttpRequest) -> User:
    """Who reads lists of incidents at all; people who only report have a list of their own."""
    user = reader(request)
    if not reads_all(user):
        raise Http404
    return user


def _page(
    request: HttpRequest, user: User, form: ViewForm, *, status: int = 200, view: object | None = None
) -> HttpResponse:
    context = {"nav": "incidents", "views": list(selectors.views_of(user)), "form": form, "view": view, "me": user}
    return render(request, "incidents/views.html", context, status=status)
