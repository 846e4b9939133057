"""Reads of the catalog."""

from catalog.selectors.basics import (
    basis_of,
    edits_catalog,
    may_renew,
    may_review,
    sees_catalog,
    services_on,
    services_to_choose_from,
    systems_to_choose_from,
    systems_under,
    visible_to,
)
from catalog.selectors.blast import Affected, BlastRadius, blast_radius
from catalog.selectors.page import page_of_provider, page_of_service, page_of_system
from catalog.selectors.papers import Paper, as_papers, documents, papers_of, review_is_due
from catalog.selectors.proving import (
    ServiceReadiness,
    SystemReadiness,
    proof_of_service,
    proof_of_services,
    proof_of_stream,
    proof_of_system,
    proof_of_systems,
    readiness,
)
from catalog.selectors.search import search
from catalog.selectors.work import work_of

__all__ = [
    "Affected",
    "BlastRadius",
    "Paper",
    "ServiceReadiness",
    "SystemReadiness",
    "as_papers",
    "basis_of",
    "blast_radius",
    "documents",
    "edits_catalog",
    "may_renew",
    "may_review",
    "page_of_provider",
    "page_of_service",
    "page_of_system",
    "papers_of",
    "proof_of_service",
    "proof_of_services",
    "proof_of_stream",
    "proof_of_system",
    "proof_of_systems",
    "readiness",
    "review_is_due",
    "search",
    "sees_catalog",
    "services_on",
    "services_to_choose_from",
    "systems_to_choose_from",
    "systems_under",
    "visible_to",
    "work_of",
]
