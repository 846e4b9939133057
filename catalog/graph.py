"""What stands on what, as a graph in memory, read by one query."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from uuid import UUID

from catalog.choices import DependencyKind
from catalog.models import Dependency, Service, System

#: Both ends of a dependency.
ENDS = ("service_id", "system_id", "on_service_id", "on_system_id")


class Node(NamedTuple):
    """One service or system of the graph."""

    kind: Literal["service", "system"]
    id: UUID

    @classmethod
    def of(cls, subject: Service | System) -> "Node":
        return cls("service" if isinstance(subject, Service) else "system", subject.pk)

    @classmethod
    def at(cls, service: UUID | None, system: UUID | None) -> "Node":
        """The one of both that is there. Raises ValueError for neither."""
        if service is not None:
            return cls("service", service)
        if system is None:
            raise ValueError("A dependency names neither a service nor a system.")
        return cls("system", system)


@dataclass
class Graph:
    """Both directions of dependencies: of those that are required, on which proof stands, or of all."""

    needs: Mapping[Node, set[Node]] = field(default_factory=lambda: defaultdict(set))
    needed_by: Mapping[Node, set[Node]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def read(cls) -> "Graph":
        """Required dependencies only."""
        return cls.of(Dependency.objects.filter(kind=DependencyKind.REQUIRED).values_list(*ENDS))

    @classmethod
    def read_all(cls) -> "Graph":
        """Dependencies of every kind."""
        return cls.of(Dependency.objects.values_list(*ENDS))

    @classmethod
    def of(cls, rows: Iterable[tuple[UUID | None, UUID | None, UUID | None, UUID | None]]) -> "Graph":
        graph = cls()
        for service, system, on_service, on_system in rows:
            dependent, need = Node.at(service, system), Node.at(on_service, on_system)
            graph.needs[dependent].add(need)
            graph.needed_by[need].add(dependent)
        return graph

    def below(self, node: Node) -> set[Node]:
        """Everything that the node cannot work without, directly or not."""
        return _reach(self.needs, node)

    def above(self, node: Node) -> set[Node]:
        """Everything that cannot work without the node, directly or not."""
        return _reach(self.needed_by, node)


def _reach(edges: Mapping[Node, set[Node]], start: Node) -> set[Node]:
    found: set[Node] = set()
    waiting = [start]
    while waiting:
        for node in edges.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found
