"""The blast radius: what an outage takes with it, how hard, and along which way."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from catalog.choices import EFFECT_OF, DependencyKind, Effect
from catalog.graph import ENDS, Node
from catalog.models import Dependency, Provider, Service, System

Subject = Service | System


@dataclass(frozen=True)
class Affected:
    """One service or system that an outage reaches.

    path: from what failed to what stands in between, in this order; the thing itself is not part of it.
    """

    subject: Subject
    effect: Effect
    path: tuple[Subject | Provider, ...]

    @property
    def is_service(self) -> bool:
        """Whether it is something that the business needs, and not what that runs on."""
        return isinstance(self.subject, Service)


@dataclass(frozen=True)
class BlastRadius:
    """Everything in use that stands on what failed: the worst hit first, services before systems, then by name."""

    affected: list[Affected]

    @property
    def services(self) -> list[Service]:
        """Services that are down."""
        return [each.subject for each in self._down() if isinstance(each.subject, Service)]

    @property
    def systems(self) -> list[System]:
        """Systems that are down."""
        return [each.subject for each in self._down() if isinstance(each.subject, System)]

    def _down(self) -> Iterator[Affected]:
        return (each for each in self.affected if each.effect == Effect.DOWN)

    def __bool__(self) -> bool:
        return bool(self.affected)


def blast_radius(*failed: Subject | Provider) -> BlastRadius:
    """What stands on these, directly or not. Three queries, two more for each provider, however large the catalog is.

    A chain passes on no more than its weakest link; where several ways lead to a thing, the worst counts, and of
    equals the shortest. What failed is not part of what it takes with it; all that a failed provider carries is.
    """
    own = {Node.of(subject): subject for subject in failed if not isinstance(subject, Provider)}
    begun: dict[Node, Way] = {
        node: Way(Effect.DOWN, (provider,))
        for provider in failed
        if isinstance(provider, Provider)
        for node in _carried(provider)
    }
    ways = _ways({**begun, **{node: Way(Effect.DOWN, ()) for node in own}})
    known = own | _in_use(ways)
    hit = [
        Affected(known[node], way.effect, tuple(known[each] if isinstance(each, Node) else each for each in way.path))
        for node, way in ways.items()
        if node in known and node not in own
    ]
    return BlastRadius(sorted(hit, key=lambda each: (-each.effect, not each.is_service, each.subject.name)))


@dataclass(frozen=True)
class Way:
    """How an outage comes to one node."""

    effect: Effect
    path: tuple[Node | Provider, ...]


def _ways(begun: Mapping[Node, Way]) -> dict[Node, Way]:
    """Every node that is reached, first all that is down, then what is degraded, then what is inconvenienced."""
    edges, ways = _dependents(), dict(begun)
    for effect in sorted(Effect, reverse=True):
        waiting = [(len(way.path), number, node) for number, (node, way) in enumerate(ways.items())]
        heapify(waiting)
        while waiting:
            length, _number, node = heappop(waiting)
            for dependent, strength in edges.get(node, ()):
                if strength >= effect and dependent not in ways:
                    ways[dependent] = Way(effect, (*ways[node].path, node))
                    heappush(waiting, (length + 1, len(ways), dependent))
    return ways


def _dependents() -> dict[Node, list[tuple[Node, Effect]]]:
    """What stands on each node, and how hard it is hit without it."""
    edges: dict[Node, list[tuple[Node, Effect]]] = defaultdict(list)
    for service, system, on_service, on_system, kind in Dependency.objects.values_list(*ENDS, "kind"):
        effect = EFFECT_OF[DependencyKind(kind)]
        edges[Node.at(on_service, on_system)].append((Node.at(service, system), effect))
    return edges


def _carried(provider: Provider) -> list[Node]:
    services = [Node("service", pk) for pk in provider.services.values_list("pk", flat=True)]
    return services + [Node("system", pk) for pk in provider.systems.values_list("pk", flat=True)]


def _in_use(nodes: Iterable[Node]) -> dict[Node, Subject]:
    """The rows of nodes in use. What is out of use is neither hit nor on the way: nothing in use stands on it."""
    wanted = list(nodes)
    services = Service.objects.filter(is_active=True, pk__in=[node.id for node in wanted if node.kind == "service"])
    systems = System.objects.filter(is_active=True, pk__in=[node.id for node in wanted if node.kind == "system"])
    found: list[Subject] = [*services.select_related("owner"), *systems.select_related("owner")]
    return {Node.of(each): each for each in found}
