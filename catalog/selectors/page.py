"""What the pages of the catalog show of one thing, in a number of queries that does not grow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from catalog.choices import Criterion, DependencyKind, Level
from catalog.models import Dependency, Impact, Provider, RecoveryMeasurement, Service, System
from catalog.selectors.basics import edits_catalog, may_review
from catalog.selectors.blast import BlastRadius, Subject, blast_radius
from catalog.selectors.papers import Paper, papers_of, review_is_due
from catalog.selectors.proving import ServiceReadiness, SystemReadiness, proof_of_service, proof_of_systems
from people.models import User

#: The newest measurements that a page lists.
MEASUREMENTS = 20


@dataclass(frozen=True)
class Need:
    """One thing that another stands on."""

    subject: Subject
    kind: DependencyKind


@dataclass(frozen=True)
class ImpactTable:
    """What an outage does over time: a column a moment, a row a criterion. A moment not rated is None."""

    moments: list[timedelta]
    rows: list[tuple[Criterion, list[Impact | None]]]
    unbearable_after: timedelta | None

    def __bool__(self) -> bool:
        return bool(self.moments)


@dataclass(frozen=True)
class ServicePage:
    """One service: its proof and targets, what it stands on, what stands on it, what an outage does."""

    service: Service
    found: ServiceReadiness
    needs: list[Need]
    radius: BlastRadius
    impacts: ImpactTable
    papers: list[Paper]
    providers: list[Provider]
    measurements: list[RecoveryMeasurement]
    is_review_due: bool
    may_review: bool
    may_edit: bool


@dataclass(frozen=True)
class SystemPage:
    """One system: its proof, what it stands on, and what it takes with it."""

    system: System
    found: SystemReadiness
    needs: list[Need]
    radius: BlastRadius
    papers: list[Paper]
    providers: list[Provider]
    measurements: list[RecoveryMeasurement]
    may_edit: bool


@dataclass(frozen=True)
class ProviderPage:
    """One provider: how to reach them, what they carry, and what stands on that."""

    provider: Provider
    services: list[Service]
    systems: list[System]
    radius: BlastRadius
    papers: list[Paper]
    may_edit: bool


def page_of_service(service: Service, user: User) -> ServicePage:
    """What the page of a service shows. The service must be visible to the user."""
    return ServicePage(
        service=service,
        found=proof_of_service(service),
        needs=_needs(service),
        radius=blast_radius(service),
        impacts=impact_table(service.impacts.all()),
        papers=papers_of(user, service),
        providers=list(service.providers.filter(is_active=True)),
        measurements=list(service.recoverymeasurement_set.all()[:MEASUREMENTS]),
        is_review_due=review_is_due(service),
        may_review=may_review(user, service),
        may_edit=edits_catalog(user),
    )


def page_of_system(system: System, user: User) -> SystemPage:
    """What the page of a system shows. The system must be visible to the user."""
    return SystemPage(
        system=system,
        found=proof_of_systems()[system.pk],
        needs=_needs(system),
        radius=blast_radius(system),
        papers=papers_of(user, system),
        providers=list(system.providers.filter(is_active=True)),
        measurements=list(system.recoverymeasurement_set.all()[:MEASUREMENTS]),
        may_edit=edits_catalog(user),
    )


def page_of_provider(provider: Provider, user: User) -> ProviderPage:
    """What the page of a provider shows. The provider must be visible to the user."""
    return ProviderPage(
        provider=provider,
        services=list(provider.services.filter(is_active=True)),
        systems=list(provider.systems.filter(is_active=True)),
        radius=blast_radius(provider),
        papers=papers_of(user, provider),
        may_edit=edits_catalog(user),
    )


def impact_table(impacts: Iterable[Impact]) -> ImpactTable:
    """Ratings as a table, and the first moment at which anything is high: an MTPD beyond it is worth a question."""
    rated = {(each.criterion, each.after): each for each in impacts}
    moments = sorted({after for _criterion, after in rated})
    rows = [
        (criterion, [rated.get((criterion.value, after)) for after in moments])
        for criterion in Criterion
        if any((criterion.value, after) in rated for after in moments)
    ]
    high = [after for (_criterion, after), each in rated.items() if each.level == Level.HIGH]
    return ImpactTable(moments, rows, min(high, default=None))


def _needs(subject: Subject) -> list[Need]:
    """What it stands on directly, what is required first."""
    order = list(DependencyKind)
    found = Dependency.objects.filter(**{subject._meta.model_name or "": subject})
    needs = [
        Need(need, DependencyKind(each.kind))
        for each in found.select_related("on_service", "on_system")
        for need in [each.on_service or each.on_system]
        if need is not None
    ]
    return sorted(needs, key=lambda need: (order.index(need.kind), need.subject.name))
