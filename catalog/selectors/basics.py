"""Who may see the catalog, and what stands on what."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from catalog.basis import own_parts
from catalog.graph import Graph, Node
from catalog.models import Basis, Dependency, Document, Provider, RecoveryMeasurement, Service, Site, System
from people.choices import READING, Role
from people.selectors import Anyone, has_role, may_as, whose_duties

#: Everybody but reporters, who see published plans only.
CATALOG_READERS = (*READING, Role.REVIEWER)
#: Those of them who do not only read.
CATALOG_WORKERS = tuple(role for role in CATALOG_READERS if role != Role.AUDITOR)
#: Only administrators set the catalog up.
CATALOG_EDITORS = (Role.ADMINISTRATOR,)

Catalogued = TypeVar("Catalogued", Service, System, Site, Provider, Document, Dependency, RecoveryMeasurement)


def sees_catalog(user: Anyone) -> bool:
    """Whether the user reads services, systems and what was measured."""
    return has_role(user, *CATALOG_READERS)


def edits_catalog(user: Anyone) -> bool:
    """Whether the user sets up services, systems, sites and dependencies."""
    return has_role(user, *CATALOG_EDITORS)


def may_review(user: Anyone, service: Service) -> bool:
    """Whether the user may say that a service's analysis still holds: its owner, managers and administrators.

    Whoever acts for one of them who is away may too.
    """
    is_owner = service.owner_id is not None and service.owner_id in whose_duties(user)
    return sees_catalog(user) and (is_owner or may_as(user, Role.MANAGER, Role.ADMINISTRATOR))


def may_renew(user: Anyone, document: Document) -> bool:
    """Whether the user may put a newer file in place of a document's: its owner and administrators.

    Whoever acts for the owner may too; who only reads may not.
    """
    if edits_catalog(user):
        return True
    is_owner = document.owner_id is not None and document.owner_id in whose_duties(user)
    return is_owner and has_role(user, *CATALOG_WORKERS)


def visible_to(user: Anyone, model: type[Catalogued]) -> QuerySet[Catalogued]:
    """The rows of a catalog model that the user may see: all of them, or none."""
    rows: QuerySet[Catalogued] = model._default_manager.all()
    return rows if sees_catalog(user) else rows.none()


def systems_to_choose_from() -> QuerySet[System]:
    """Systems in use, for a form that lets anybody say which one is meant. Show the names only."""
    return System.objects.filter(is_active=True)


def services_to_choose_from() -> QuerySet[Service]:
    """The same for services."""
    return Service.objects.filter(is_active=True)


def basis_of(subject: Service | System) -> dict[str, str]:
    """What the subject's recovery stands on now: {part: fingerprint}. Take it when a measurement begins."""
    node = Node.of(subject)
    stored = dict(Basis.objects.filter(**{node.kind: subject}).values_list("part", "fingerprint"))
    return stored | own_parts(subject, Graph.read().needs.get(node, ()))


def services_on(system: System) -> list[Service]:
    """The services that stand on the system, directly or not. Two queries."""
    return _rows(Service, Graph.read().above(Node.of(system)), "service")


def systems_under(service: Service) -> list[System]:
    """The systems that the service cannot work without, directly or not. Two queries."""
    return _rows(System, Graph.read().below(Node.of(service)), "system")


Subject = TypeVar("Subject", bound=Model)


def _rows(model: type[Subject], nodes: set[Node], kind: str) -> list[Subject]:
    ids = [node.id for node in nodes if node.kind == kind]
    return list(model._default_manager.filter(pk__in=ids).order_by("name"))
