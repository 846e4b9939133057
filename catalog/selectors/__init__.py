"""Reads of the catalog."""

from catalog.selectors.basics import (
    BlastRadius,
    basis_of,
    blast_radius,
    edits_catalog,
    sees_catalog,
    services_on,
    services_to_choose_from,
    systems_to_choose_from,
    systems_under,
    visible_to,
)
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

__all__ = [
    "BlastRadius",
    "ServiceReadiness",
    "SystemReadiness",
    "basis_of",
    "blast_radius",
    "edits_catalog",
    "proof_of_service",
    "proof_of_services",
    "proof_of_stream",
    "proof_of_system",
    "proof_of_systems",
    "readiness",
    "sees_catalog",
    "services_on",
    "services_to_choose_from",
    "systems_to_choose_from",
    "systems_under",
    "visible_to",
]
