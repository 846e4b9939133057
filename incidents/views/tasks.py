"""Tasks of an incident: on its page by one button each, and on a page of their own where something has to be said."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.refusals import add_errors, refuse
from incidents import selectors, services
from incidents.forms import DropForm, TaskForm
from incidents.models import Incident, IncidentTask
from incidents.views.reading import find, reader

#: What one button does, and what is said then.
AT_ONCE: dict[str, tuple[Callable[..., IncidentTask], str | Promise]] = {
    "take": (services.take_task, gettext_lazy("The task is yours.")),
    "finish": (services.finish_task, gettext_lazy("The task is done.")),
    "reopen": (services.reopen_task, gettext_lazy("The task is open again.")),
    "up": (partial(services.place_task, step=-1), ""),
    "down": (partial(services.place_task, step=1), ""),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_task(request: HttpRequest, reference: str) -> HttpResponse:
    """/incidents/<reference>/tasks/: one more thing to do."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    form = TaskForm(request.POST or None, incident=incident)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            services.add_task(incident_id=incident.pk, by=user, **given)
        except DomainError as error:
            add_errors(form, error)
            return _ask(request, incident, form, _("Add a task"), status=error.status)
        messages.success(request, _("The task was added."))
        return redirect(f"{incident.get_absolute_url()}#tasks")
    return _ask(request, incident, form, _("Add a task"), status=400 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_task(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """/incidents/<reference>/tasks/<id>/: described anew, or given to somebody else."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    task = get_object_or_404(incident.tasks, pk=task_id)
    form = TaskForm(request.POST or None, incident=incident, task=task)
    title = _("Change the task")
    if request.method == "POST" and form.is_valid():
        try:
            services.change_task(task_id=task.pk, by=user, **form.cleaned_data)
        except DomainError as error:
            refuse(form, task, error)
            return _ask(request, incident, form, title, status=error.status)
        messages.success(request, _("The task was changed."))
        return redirect(task)
    return _ask(request, incident, form, title, status=400 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act_on_task(request: HttpRequest, reference: str, task_id: UUID, name: str) -> HttpResponse:
    """/incidents/<reference>/tasks/<id>/<name>/: one button; only dropping asks for words."""
    user = reader(request)
    incident = find(selectors.actionable_by(user), reference)
    task = get_object_or_404(incident.tasks, pk=task_id)
    if name == "drop":
        return _drop(request, incident, task)
    service, said = AT_ONCE.get(name, (None, ""))
    if service is None:
        raise Http404
    if request.method != "POST":
        return redirect(task)
    version = request.POST.get("version", "")
    try:
        service(task_id=task.pk, by=user, version=int(version) if version.isdecimal() and len(version) < 10 else None)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        if said:
            messages.success(request, str(said))
    return redirect(task)


def _drop(request: HttpRequest, incident: Incident, task: IncidentTask) -> HttpResponse:
    form = DropForm(request.POST or None, task=task)
    title = _("Drop the task")
    if request.method == "POST" and form.is_valid():
        try:
            services.drop_task(task_id=task.pk, by=reader(request), **form.cleaned_data)
        except DomainError as error:
            refuse(form, task, error)
            return _ask(request, incident, form, title, status=error.status, task=task)
        messages.success(request, _("The task was dropped."))
        return redirect(task)
    return _ask(request, incident, form, title, status=400 if form.is_bound else 200, task=task)


def _ask(
    request: HttpRequest, incident: Incident, form: Form, title: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"nav": "incidents", "incident": incident, "form": form, "title": title, **more}
    return render(request, "incidents/task.html", context, status=status)
