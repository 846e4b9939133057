"""Pages of the catalog."""

from catalog.views.changing import confirm_review
from catalog.views.lists import documents, providers, services, systems
from catalog.views.papers import document, document_file
from catalog.views.things import provider, service, system

__all__ = [
    "confirm_review",
    "document",
    "document_file",
    "documents",
    "provider",
    "providers",
    "service",
    "services",
    "system",
    "systems",
]
