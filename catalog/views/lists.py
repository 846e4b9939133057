"""The lists: services with their proof, systems, providers, documents with what runs out."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catalog import selectors
from catalog.choices import Criticality, Proof
from catalog.models import Provider, System
from catalog.views.access import reader
from common.paging import Pages

PER_PAGE = 50


@login_required
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """/catalog/: every service in use with its targets and its proof, the worst first."""
    user = reader(request)
    found = selectors.readiness(user)
    proof, criticality = request.GET.get("proof", ""), request.GET.get("criticality", "")
    if proof in Proof.values:
        found = [each for each in found if each.verdict.proof == proof]
    if criticality in Criticality.values:
        found = [each for each in found if each.service.criticality == criticality]
    context = {
        "page": Pages(found, PER_PAGE).get_page(request.GET.get("page")),
        "is_filtered": proof in Proof.values or criticality in Criticality.values,
        "proofs": [(value, label, value == proof) for value, label in Proof.choices],
        "criticalities": [(value, label, value == criticality) for value, label in Criticality.choices],
    }
    return _render(request, "catalog/services.html", "services", context)


@login_required
@require_GET
def systems(request: HttpRequest) -> HttpResponse:
    """/catalog/systems/: every system in use with its proof, by name."""
    user = reader(request)
    rows = selectors.visible_to(user, System).filter(is_active=True).values_list("pk", flat=True)
    page = Pages(rows, PER_PAGE).get_page(request.GET.get("page"))
    proofs = selectors.proof_of_systems()
    return _render(request, "catalog/systems.html", "systems", {"page": page, "found": [proofs[pk] for pk in page]})


@login_required
@require_GET
def providers(request: HttpRequest) -> HttpResponse:
    """/catalog/providers/: who carries what, and how to reach them."""
    user = reader(request)
    rows = selectors.visible_to(user, Provider).filter(is_active=True).prefetch_related("services", "systems")
    page = Pages(rows.select_related("owner"), PER_PAGE).get_page(request.GET.get("page"))
    return _render(request, "catalog/providers.html", "providers", {"page": page})


@login_required
@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    """/catalog/documents/: contracts, licences and certificates, what runs out first first."""
    user = reader(request)
    page = Pages(selectors.documents(user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "papers": selectors.as_papers(page)}
    return _render(request, "catalog/documents.html", "documents", context)


def _render(request: HttpRequest, template: str, tab: str, context: dict[str, Any]) -> HttpResponse:
    may_edit = selectors.edits_catalog(reader(request))
    return render(request, template, {"nav": "catalog", "tab": tab, "may_edit": may_edit, **context})
