"""What stands on what. Changed one at a time, so that two changes cannot close a circle between them."""

import uuid

from django.db import transaction

from catalog.choices import DependencyKind
from catalog.errors import DependencyCycle, DependencyExists, DependencyImpossible, NotInUse
from catalog.graph import Graph, Node
from catalog.models import Dependency, Service, System
from catalog.services.targets import check_targets, lock_graph
from common.versions import raise_version
from ledger.services import Actor, record


@transaction.atomic
def add_dependency(
    *,
    by: Actor,
    service: Service | None = None,
    system: System | None = None,
    on_service: Service | None = None,
    on_system: System | None = None,
    kind: str = DependencyKind.REQUIRED,
) -> Dependency:
    """Say that one thing stands on another, and how hard it is hit when the other is gone.

    One that is required makes the proof of what needs it stale; the others are no part of proof. Circles are
    refused over all kinds. Raises DependencyImpossible, DependencyExists, DependencyCycle, NotInUse or TargetTooLong.
    """
    dependent, need = _pair(service, system, on_service, on_system)
    if kind not in DependencyKind.values:
        raise DependencyImpossible
    lock_graph()
    if not type(need)._default_manager.filter(pk=need.pk, is_active=True).exists():
        raise NotInUse(subject=need)
    if Node.of(dependent) in Graph.read_all().below(Node.of(need)):
        raise DependencyCycle(dependent=dependent, need=need)
    dependency, created = Dependency.objects.get_or_create(
        service=service, system=system, on_service=on_service, on_system=on_system, defaults={"kind": kind}
    )
    if not created:
        raise DependencyExists(dependent=dependent, need=need)
    if kind == DependencyKind.REQUIRED:
        check_targets(dependent)
    _changed(dependent, verb="dependency.added", dependency=dependency, by=by)
    return dependency


@transaction.atomic
def remove_dependency(*, dependency_id: uuid.UUID | str, by: Actor) -> None:
    """Say that one thing works without the other after all. Raises Dependency.DoesNotExist."""
    lock_graph()
    dependency = Dependency.objects.select_related("service", "system", "on_service", "on_system").get(pk=dependency_id)
    dependent, _need = _pair(dependency.service, dependency.system, dependency.on_service, dependency.on_system)
    removed_id = dependency.pk
    dependency.delete()
    dependency.pk = removed_id  # the ledger names what is gone
    _changed(dependent, verb="dependency.removed", dependency=dependency, by=by)


def _pair(
    service: Service | None, system: System | None, on_service: Service | None, on_system: System | None
) -> tuple[Service | System, Service | System]:
    dependent, need = service or system, on_service or on_system
    is_one_each = (service is None) != (system is None) and (on_service is None) != (on_system is None)
    if not is_one_each or dependent is None or need is None or (system and on_service) or dependent == need:
        raise DependencyImpossible
    return dependent, need


def _changed(dependent: Service | System, *, verb: str, dependency: Dependency, by: Actor) -> None:
    """What the dependent stands on is part of it: its version counts the change."""
    locked = type(dependent)._default_manager.select_for_update(of=["self"]).get(pk=dependent.pk)
    raise_version(locked).save(update_fields=["version"])
    dependent.version = locked.version
    record(verb=verb, subject=dependency, actor=by, data={Node.of(locked).kind: str(locked.pk)})
