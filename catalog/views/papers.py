"""One document: what it is, until when it holds, and its file."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catalog import selectors, services
from catalog.downloads import file_of
from catalog.forms import RenewForm
from catalog.models import Document
from catalog.views.access import reader
from common.errors import DomainError
from people.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/catalog/documents/<id>/: what it is and its file; posted, a newer file takes its place."""
    user = reader(request)
    found = _found(user, pk)
    may_renew = selectors.may_renew(user, found)
    if request.method != "POST":
        return _show(request, found, RenewForm(document=found) if may_renew else None)
    if not may_renew:
        raise PermissionDenied
    form = RenewForm(request.POST, request.FILES, document=found)
    if not form.is_valid():
        return _show(request, found, form, status=400)
    given = form.cleaned_data
    upload = given.pop("file")
    try:
        services.renew(document_id=found.pk, stream=upload, name=upload.name, by=user, **given)
    except DomainError as error:
        form.add_error(None, error.message)
        found = _found(user, pk)
        data = request.POST.copy()
        data["version"] = str(found.version)
        form.data = data
        return _show(request, found, form, status=error.status)
    messages.success(request, _("The newer file is in place."))
    return redirect(found)


@login_required
@require_GET
def document_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """/catalog/documents/<id>/file/: always saved, never opened in the browser."""
    return file_of(_found(reader(request), pk), request)


def _found(user: User, pk: UUID) -> Document:
    visible = selectors.visible_to(user, Document).select_related("provider", "service", "system", "owner", "file")
    return get_object_or_404(visible, pk=pk)


def _show(request: HttpRequest, found: Document, form: RenewForm | None, *, status: int = 200) -> HttpResponse:
    context = {
        "nav": "catalog",
        "document": found,
        "paper": selectors.as_papers([found])[0],
        "form": form,
        "may_edit": selectors.edits_catalog(reader(request)),
    }
    return render(request, "catalog/document.html", context, status=status)
