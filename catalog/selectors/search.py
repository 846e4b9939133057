"""Finding services, systems, sites, providers and documents."""

from collections.abc import Callable
from typing import Any

from catalog.models import Document, Provider, Service, Site, System
from catalog.selectors.basics import visible_to
from common import own_names
from common.search import Hit, Wanted, found, ranked
from people.selectors import Anyone

#: kind → its model, the column with its name, and what tells one from another.
KINDS: dict[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "service": (Service, "name", lambda service: service.get_criticality_display()),
    "system": (System, "name", lambda system: system.release),
    "site": (Site, "name", lambda site: site.address),
    "provider": (Provider, "name", lambda provider: provider.contract),
    "document": (Document, "title", lambda document: document.get_kind_display()),
}


def search(text: str, user: Anyone) -> list[Hit]:
    """By name and description, for those who read the catalog."""
    wanted = Wanted.of(text)
    return [hit for kind in KINDS for hit in _hits(kind, wanted, user)]


def _hits(kind: str, wanted: Wanted, user: Anyone) -> list[Hit]:
    model, name, detail = KINDS[kind]
    rows = visible_to(user, model)
    return [
        Hit(
            kind=kind,
            title=own_names.shown(getattr(row, name)),
            url=row.get_absolute_url() if model is not Site else "",
            detail=detail(row),
            rank=rank,
        )
        for row, rank in ranked(found(rows, wanted, names=name))
    ]
