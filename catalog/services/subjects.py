"""Services, systems and sites: added, described, given targets, taken out of use.

Only administrators do this (`selectors.edits_catalog`). Nothing is deleted: what was measured stays.
"""

import uuid
from datetime import timedelta
from typing import Any, TypedDict, TypeVar, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog.errors import StillNeeded, WrongDetails
from catalog.graph import Graph, Node
from catalog.models import Service, Site, System
from common.text import safe_line, safe_text
from common.versions import check_version, raise_version
from ledger.services import Actor, record
from people.models import User

Subject = TypeVar("Subject", Service, System, Site)

#: What people write in their own words: it may have lines, and stays out of the ledger.
FREE_TEXT = ("description", "address")


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


def add_service(*, by: Actor, **details: Unpack[ServiceDetails]) -> Service:
    """Name something that the business needs. Raises WrongDetails with `fields`."""
    return _add(Service(), by, dict(details))


def add_system(*, by: Actor, **details: Unpack[SystemDetails]) -> System:
    """Name something that services run on. Raises WrongDetails with `fields`."""
    return _add(System(), by, dict(details))


def add_site(*, by: Actor, **details: Unpack[SiteDetails]) -> Site:
    """Name a place. Raises WrongDetails with `fields`."""
    return _add(Site(), by, dict(details))


def change_service(
    *, service_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Unpack[ServiceDetails]
) -> Service:
    """Describe a service anew, or set its targets. Proof follows at once.

    Raises WrongDetails, Stale or DoesNotExist.
    """
    return _change(Service, service_id, by, version, dict(details))


def change_system(
    *, system_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Unpack[SystemDetails]
) -> System:
    """Describe a system anew. A new release, or another site, makes its proof stale.

    Raises WrongDetails, Stale or DoesNotExist.
    """
    return _change(System, system_id, by, version, dict(details))


def change_site(
    *, site_id: uuid.UUID | str, by: Actor, version: int | None = None, **details: Unpack[SiteDetails]
) -> Site:
    """Describe a site anew. Raises WrongDetails, Stale or DoesNotExist."""
    return _change(Site, site_id, by, version, dict(details))


@transaction.atomic
def retire(*, subject: Service | System, by: Actor, version: int | None = None) -> Service | System:
    """Take a service or system out of use. What was measured stays. Retired again, nothing happens.

    Raises StillNeeded while something in use stands on it, or Stale.
    """
    locked = type(subject)._default_manager.select_for_update(of=["self"]).get(pk=subject.pk)
    check_version(locked, version)
    if locked.is_active:
        _check_not_needed(locked)
        _set_active(locked, is_active=False, by=by)
    return locked


@transaction.atomic
def bring_back(*, subject: Service | System, by: Actor, version: int | None = None) -> Service | System:
    """Put a retired service or system back into use. In use already, nothing happens. Raises Stale."""
    locked = type(subject)._default_manager.select_for_update(of=["self"]).get(pk=subject.pk)
    check_version(locked, version)
    if not locked.is_active:
        _set_active(locked, is_active=True, by=by)
    return locked


@transaction.atomic
def _add(subject: Subject, by: Actor, details: dict[str, Any]) -> Subject:
    _describe(subject, details)
    _store(subject, force_insert=True)
    record(verb=f"{_noun(subject)}.added", subject=subject, actor=by, data=_plain(details))
    return subject


@transaction.atomic
def _change(
    model: type[Subject], pk: uuid.UUID | str, by: Actor, version: int | None, details: dict[str, Any]
) -> Subject:
    subject = model._default_manager.select_for_update(of=["self"]).get(pk=pk)
    check_version(subject, version)
    before = {name: getattr(subject, name) for name in details}
    _describe(subject, details)
    changed: list[str] = [name for name in details if before[name] != getattr(subject, name)]
    if changed:
        _store(raise_version(subject), update_fields=[*changed, "version"])
        data = {
            "before": _plain({name: before[name] for name in changed}),
            "after": _plain({name: getattr(subject, name) for name in changed}),
        }
        record(verb=f"{_noun(subject)}.changed", subject=subject, actor=by, data=data)
    return subject


def _describe(subject: Service | System | Site, details: dict[str, Any]) -> None:
    """Raises WrongDetails with a sentence for each value that cannot be stored."""
    try:
        for name, value in details.items():
            setattr(subject, name, _checked(name, value))
        subject.full_clean()
    except ValidationError as error:
        raise WrongDetails(fields=dict(error.message_dict)) from error


def _checked(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    try:
        safe_text(text) if name in FREE_TEXT else safe_line(text)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
    return text


def _store(subject: Service | System | Site, **options: Any) -> None:
    """Save; somebody else may have taken the name since it was checked."""
    try:
        with transaction.atomic():
            subject.save(**options)
    except IntegrityError:
        _describe(subject, {})
        raise


def _check_not_needed(subject: Service | System) -> None:
    needing = Graph.read().needed_by.get(Node.of(subject), set())
    names = [
        *Service.objects.filter(is_active=True, pk__in=[n.id for n in needing if n.kind == "service"]),
        *System.objects.filter(is_active=True, pk__in=[n.id for n in needing if n.kind == "system"]),
    ]
    if names:
        raise StillNeeded(subject=subject, names=", ".join(f"“{name}”" for name in names))


def _set_active(subject: Service | System, *, is_active: bool, by: Actor) -> None:
    subject.is_active = is_active
    raise_version(subject).save(update_fields=["is_active", "version"])
    verb = "brought_back" if is_active else "retired"
    record(verb=f"{_noun(subject)}.{verb}", subject=subject, actor=by)


def _noun(subject: Service | System | Site) -> str:
    return subject._meta.model_name or ""


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    """For the ledger: ids instead of rows, and no free text."""
    return {
        name: "…" if name in FREE_TEXT and value else getattr(value, "pk", value) for name, value in details.items()
    }
