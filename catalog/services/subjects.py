"""Services, systems and sites: added, described, given targets, taken out of use.

Only administrators do this (`selectors.edits_catalog`). Nothing is deleted: what was measured stays.
"""

import uuid
from datetime import timedelta
from typing import TypedDict, TypeVar, Unpack

from django.db import transaction

from catalog.errors import StillNeeded
from catalog.graph import Graph, Node
from catalog.models import Document, Provider, Service, Site, System
from catalog.services import reminding
from catalog.services.targets import check_targets, lock_graph
from catalog.services.writing import add, change, lock, set_active
from ledger.services import Actor
from people.models import EscalationPolicy, User

Retired = TypeVar("Retired", Service, System, Provider, Document)


class Targets(TypedDict, total=False):
    """What a service or system may need to come back, and lose. None: nobody has said."""

    recovery_time_objective: timedelta | None
    recovery_point_objective: timedelta | None


class ServiceDetails(Targets, total=False):
    """What can be said about a service."""

    name: str
    description: str
    criticality: str
    owner: User | None
    maximum_tolerable_downtime: timedelta | None
    minimum_objective: str
    review_every_days: int
    escalation_policy: EscalationPolicy | None


class SystemDetails(Targets, total=False):
    """What can be said about a system."""

    name: str
    description: str
    site: Site | None
    owner: User | None
    release: str


class SiteDetails(TypedDict, total=False):
    """What can be said about a site."""

    name: str
    address: str


@transaction.atomic
def add_service(*, by: Actor, **details: Unpack[ServiceDetails]) -> Service:
    """Name something that the business needs. Raises WrongDetails with `fields`."""
    service = add(Service(), by, dict(details))
    reminding.announce_review(service)
    return service


def add_system(*, by: Actor, **details: Unpack[SystemDetails]) -> System:
    """Name something that services run on. Raises WrongDetails with `fields`."""
    return add(System(), by, dict(details))


def add_site(*, by: Actor, **details: Unpack[SiteDetails]) -> Site:
    """Name a place. Raises WrongDetails with `fields`."""
    return add(Site(), by, dict(details))


@transaction.atomic
def change_service(
    *, service_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Unpack[ServiceDetails]
) -> Service:
    """Describe a service anew, or set its targets. Proof follows at once.

    Raises WrongDetails, TargetTooLong, Stale or DoesNotExist.
    """
    has_target = "recovery_time_objective" in details
    if has_target:
        lock_graph()
    service = change(Service, service_id, by, version, dict(details))
    if has_target:
        check_targets(service)
    reminding.announce_review(service)
    return service


@transaction.atomic
def change_system(
    *, system_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Unpack[SystemDetails]
) -> System:
    """Describe a system anew. A new release, or another site, makes its proof stale.

    Raises WrongDetails, TargetTooLong, Stale or DoesNotExist.
    """
    has_target = "recovery_time_objective" in details
    if has_target:
        lock_graph()
    system = change(System, system_id, by, version, dict(details))
    if has_target:
        check_targets(system)
    return system


def change_site(
    *, site_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Unpack[SiteDetails]
) -> Site:
    """Describe a site anew. Raises WrongDetails, Stale or DoesNotExist."""
    return change(Site, site_id, by, version, dict(details))


@transaction.atomic
def retire(*, subject: Retired, by: Actor, version: int | None = None) -> Retired:
    """Take something out of use. What was measured stays. Retired again, nothing happens.

    Raises StillNeeded while something in use stands on it, or Stale.
    """
    lock_graph()
    locked = lock(type(subject), subject.pk, version)
    if locked.is_active and isinstance(locked, Service | System):
        _check_not_needed(locked)
    return _turn(locked, is_active=False, by=by)


@transaction.atomic
def bring_back(*, subject: Retired, by: Actor, version: int | None = None) -> Retired:
    """Put something retired back into use. In use already, nothing happens. Raises Stale, or TargetTooLong."""
    lock_graph()
    locked = lock(type(subject), subject.pk, version)
    if isinstance(locked, Service | System):
        check_targets(locked)
    return _turn(locked, is_active=True, by=by)


def _turn(locked: Retired, *, is_active: bool, by: Actor) -> Retired:
    set_active(locked, is_active=is_active, by=by)
    if isinstance(locked, Document):
        reminding.announce_end(locked)
    elif isinstance(locked, Service):
        reminding.announce_review(locked)
    return locked


def _check_not_needed(subject: Service | System) -> None:
    """Whatever the kind of the dependency: who can do without it says so by removing the dependency."""
    needing = Graph.read_all().needed_by.get(Node.of(subject), set())
    names = [
        *Service.objects.filter(is_active=True, pk__in=[n.id for n in needing if n.kind == "service"]),
        *System.objects.filter(is_active=True, pk__in=[n.id for n in needing if n.kind == "system"]),
    ]
    if names:
        raise StillNeeded(subject=subject, names=", ".join(f"“{name}”" for name in names))
