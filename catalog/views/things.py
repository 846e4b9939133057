"""The pages of one service, one system, one provider."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from catalog import selectors
from catalog.models import Provider, Service, System
from catalog.views.access import reader


@login_required
@require_GET
def service(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/catalog/services/<id>/: targets and proof, what it stands on, what an outage does."""
    user = reader(request)
    people = ("owner", "reviewed_by")
    found = get_object_or_404(selectors.visible_to(user, Service).select_related(*people), pk=pk)
    context = {"nav": "catalog", "page": selectors.page_of_service(found, user)}
    return render(request, "catalog/service.html", context)


@login_required
@require_GET
def system(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/catalog/systems/<id>/: proof, what it stands on, and what it takes with it."""
    user = reader(request)
    found = get_object_or_404(selectors.visible_to(user, System).select_related("owner", "site"), pk=pk)
    context = {"nav": "catalog", "page": selectors.page_of_system(found, user)}
    return render(request, "catalog/system.html", context)


@login_required
@require_GET
def provider(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/catalog/providers/<id>/: how to reach them, what they carry, what stands on that."""
    user = reader(request)
    found = get_object_or_404(selectors.visible_to(user, Provider).select_related("owner"), pk=pk)
    context = {"nav": "catalog", "page": selectors.page_of_provider(found, user)}
    return render(request, "catalog/provider.html", context)
