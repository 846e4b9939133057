"""Who still sees what a lower room knows by name alone: asked of the room that has the rows.

A lower room stores `incidents.incident` and an id as text, and may not read the row. Before it shows a name or a link,
it asks here. What no room answers for is seen: its own page decides.
"""

from collections.abc import Callable, Iterable
from typing import Any

#: (reader, ids of one type) → those of them that the reader may open.
Asked = Callable[[Any, set[str]], set[str]]
#: type of row → the room that answers for it.
_ROOMS: dict[str, Asked] = {}


def declare(kind: str, asked: Asked) -> None:
    """A room answers for its rows.  kind: `app.model`."""
    _ROOMS[kind] = asked


def unseen(user: Any, named: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of things by type and id, those that the reader may not open. One query for each type that is asked about."""
    of_kind: dict[str, set[str]] = {}
    for kind, pk in named:
        if kind in _ROOMS:
            of_kind.setdefault(kind, set()).add(pk)
    return {(kind, pk) for kind, ids in of_kind.items() for pk in ids - _ROOMS[kind](user, ids)}
