"""The proof of every service and system, in a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from catalog.basis import own_parts
from catalog.choices import Origin, Outcome, Reason
from catalog.graph import Graph, Node
from catalog.models import Basis, RecoveryMeasurement, Service, System
from catalog.proof import Targets, Verdict, how_bad, judge_service, judge_streams
from catalog.selectors.basics import sees_catalog
from common import own_names
from people.selectors import Anyone


@dataclass(frozen=True)
class SystemReadiness:
    """One system and its proof. services: those that stand on it.  streams: the proof of each way to recover it."""

    system: System
    verdict: Verdict
    services: tuple[Service, ...]
    streams: Mapping[str, Verdict] = field(default_factory=dict)

    def of_stream(self, stream: str) -> Verdict:
        """The proof of one way to recover it, held to the same targets; one that was never measured says so."""
        return self.streams.get(stream) or Verdict(Reason.NEVER, None, self.verdict.targets, self.system)


@dataclass(frozen=True)
class ServiceReadiness:
    """One service, its proof, and that of each system it requires held to the service's target, the worst first."""

    service: Service
    verdict: Verdict
    systems: tuple[SystemReadiness, ...]

    @property
    def rto_of(self) -> str:
        """Whose recovery time it is held to, where that is not its own: the system that decided. Else empty."""
        return self._whose(self.verdict.target_rto, self.service.recovery_time_objective)

    @property
    def rpo_of(self) -> str:
        """The same for the data that may be lost."""
        return self._whose(self.verdict.target_rpo, self.service.recovery_point_objective)

    @property
    def measured_systems(self) -> list[SystemReadiness]:
        """Those of its systems that were measured."""
        return [part for part in self.systems if part.verdict.measurement]

    def _whose(self, target: timedelta | None, own: timedelta | None) -> str:
        is_own = target is None or target == own or not isinstance(self.verdict.subject, System)
        return "" if is_own else own_names.shown(str(self.verdict.subject))


def readiness(user: Anyone, *, now: datetime | None = None) -> list[ServiceReadiness]:
    """Every service in use that the user may see, the worst first. Five queries, however many there are."""
    if not sees_catalog(user):
        return []
    picture = Picture(now or timezone.now())
    services = [picture.of_service(service) for service in picture.services.values() if service.is_active]
    return sorted(services, key=lambda found: (how_bad(found.verdict), found.service.name))


def proof_of_service(service: Service, *, now: datetime | None = None) -> ServiceReadiness:
    """The same for one service."""
    picture = Picture(now or timezone.now())
    return picture.of_service(picture.services[service.pk])


def proof_of_services(*, now: datetime | None = None) -> dict[UUID, ServiceReadiness]:
    """The proof of every service, in use or not, by its id. Five queries, however many there are."""
    picture = Picture(now or timezone.now())
    return {pk: picture.of_service(service) for pk, service in picture.services.items()}


def proof_of_system(system: System, *, now: datetime | None = None) -> Verdict:
    """The proof of one system."""
    return Picture(now or timezone.now()).of_system(system.pk).verdict


def proof_of_stream(system: System, stream: str, *, now: datetime | None = None) -> Verdict:
    """The proof of one way to recover a system."""
    return Picture(now or timezone.now()).of_system(system.pk).of_stream(stream)


def proof_of_systems(*, now: datetime | None = None) -> dict[UUID, SystemReadiness]:
    """The proof of every system, by its id. Five queries, however many there are."""
    picture = Picture(now or timezone.now())
    return {pk: picture.of_system(pk) for pk in picture.systems}


#: An error teaches nothing, and a service as a whole is only recovered by people.
_DECISIVE = RecoveryMeasurement.objects.filter(
    ~Q(outcome=Outcome.ERROR), Q(service=None) | Q(origin__in=[Origin.DRILL, Origin.INCIDENT])
)


class Picture:
    """The whole catalog at one moment: what there is, what stands on what, what was measured last."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        services = Service.objects.select_related("owner")
        systems = System.objects.select_related("site", "owner")
        self.services: dict[UUID, Service] = {service.pk: service for service in services}
        self.systems: dict[UUID, System] = {system.pk: system for system in systems}
        self.graph = Graph.read()
        self._last = _newest_of_streams()
        self._basis = _stored(Basis.objects.all())
        self._systems: dict[UUID, SystemReadiness] = {}

    def of_system(self, pk: UUID) -> SystemReadiness:
        """A system held to its effective target: its own, else the strictest of the services that stand on it."""
        if pk not in self._systems:
            system = self.systems[pk]
            above = self.graph.above(Node.of(system))
            services = tuple(self.services[node.id] for node in above if node.kind == "service")
            targets = self._targets(system, services)
            streams = self._streams(system, targets)
            self._systems[pk] = SystemReadiness(system, _worst(streams, targets, system), services, streams)
        return self._systems[pk]

    def of_service(self, service: Service) -> ServiceReadiness:
        """A service by its own measurement and its systems, each held to the service's target too."""
        node, own_targets = Node.of(service), Targets.of(service)
        own = self._judge(service, own_targets) if node in self._last else None
        systems = [self.of_system(need.id) for need in self.graph.below(node) if need.kind == "system"]
        held = [replace(s, verdict=self._judge(s.system, s.verdict.targets.stricter(own_targets))) for s in systems]
        held.sort(key=lambda found: (how_bad(found.verdict), found.system.name))
        return ServiceReadiness(
            service, judge_service(service=service, own=own, systems=[s.verdict for s in held]), tuple(held)
        )

    def _judge(self, subject: Service | System, targets: Targets) -> Verdict:
        return _worst(self._streams(subject, targets), targets, subject)

    def _streams(self, subject: Service | System, targets: Targets) -> dict[str, Verdict]:
        node = Node.of(subject)
        last = self._last.get(node, [])
        return judge_streams(
            measurements=last,
            targets=targets,
            basis=self._basis.get(node, {}) | own_parts(subject, self.graph.needs.get(node, ())) if last else {},
            now=self.now,
            max_age=settings.PROOF_MAX_AGE,
            subject=subject,
        )

    def _targets(self, system: System, services: Iterable[Service]) -> Targets:
        strictest = Targets()
        for service in services:
            if service.is_active:
                strictest = strictest.stricter(Targets.of(service))
        return Targets.of(system).or_else(strictest)


def _newest_of_streams() -> dict[Node, list[RecoveryMeasurement]]:
    """Of every subject, the only measurements that `proof` would look at: found in the index alone."""
    parts = ("service_id", "system_id", "stream")
    newest = _DECISIVE.order_by(*parts, "-measured_at", "-created_at").distinct(*parts).values("pk")
    found: dict[Node, list[RecoveryMeasurement]] = defaultdict(list)
    for last in RecoveryMeasurement.objects.filter(pk__in=newest):
        found[Node.at(last.service_id, last.system_id)].append(last)
    return dict(found)


def _worst(streams: Mapping[str, Verdict], targets: Targets, subject: Service | System) -> Verdict:
    return min(streams.values(), key=how_bad, default=Verdict(Reason.NEVER, None, targets, subject))


def _stored(rows: Iterable[Basis]) -> dict[Node, dict[str, str]]:
    found: dict[Node, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[Node.at(row.service_id, row.system_id)][row.part] = row.fingerprint
    return found
