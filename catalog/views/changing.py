"""What people do on the pages of the catalog; all else is set up in the admin."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog import selectors, services
from catalog.models import Service
from catalog.views.access import reader
from common.errors import DomainError


@login_required
@require_POST
def confirm_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/catalog/services/<id>/review/: somebody looked at its targets and impacts, and they hold."""
    user = reader(request)
    service = get_object_or_404(selectors.visible_to(user, Service), pk=pk)
    if not selectors.may_review(user, service):
        raise PermissionDenied
    try:
        services.confirm_review(service_id=service.pk, by=user, version=_version(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Written down: you looked at it today."))
    return redirect(service)


def _version(request: HttpRequest) -> int | None:
    """The version that the page showed, where it says one."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
