"""Targets along a chain: what is required must be back no later than what requires it."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from catalog.errors import TargetTooLong
from catalog.graph import Graph, Node
from catalog.models import Service, System

#: The lock under which the graph, and the targets along it, are changed. Any number, as long as nobody else takes it.
GRAPH_LOCK = 0x_CA7A_1061


def lock_graph() -> None:
    """Held to the end of the transaction. Always before any row of the catalog, so that no two wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GRAPH_LOCK])


def check_targets(subject: Service | System) -> None:
    """Raises TargetTooLong when the subject, or anything on its chain, may take longer than what requires it.

    Call it in the transaction of the change, after it. What is out of use, or has no target, is passed over.
    """
    lock_graph()
    graph, node = Graph.read(), Node.of(subject)
    uppers, lowers = _targeted({node, *graph.above(node)}), _targeted({node, *graph.below(node)})
    strictest = min(uppers, key=lambda found: found.recovery_time_objective, default=None)
    slowest = max(lowers, key=lambda found: found.recovery_time_objective, default=None)
    if strictest is None or slowest is None:
        return
    if slowest.recovery_time_objective > strictest.recovery_time_objective:
        raise TargetTooLong(slowest, strictest)


def _targeted(nodes: Iterable[Node]) -> list[Any]:
    """Those in use that have a target."""
    services = [node.id for node in nodes if node.kind == "service"]
    systems = [node.id for node in nodes if node.kind == "system"]
    filled = {"is_active": True, "recovery_time_objective__isnull": False}
    return [
        *Service.objects.filter(pk__in=services, **filled),
        *System.objects.filter(pk__in=systems, **filled),
    ]
