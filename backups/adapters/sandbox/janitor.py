"""Removes what dead processes left of their sandboxes. Called at start and by the sweep; safe at any time."""

import logging
from collections.abc import Collection
from pathlib import Path

from backups.adapters.sandbox.places import sandboxes, take_over
from backups.adapters.sandbox.remains import Note, clear

log = logging.getLogger(__name__)


def janitor(keep: Collection[str] = ()) -> list[str]:
    """Clear every sandbox whose owner is dead and that is not named in `keep`. Returns the names cleared.

    An owner holds the lock of its sandbox as long as it lives, and the system takes it back from the dead.
    """
    places = [place for place in sorted(sandboxes().iterdir()) if place.is_dir() and not place.is_symlink()]
    return [place.name for place in places if place.name not in keep and clear_if_left(place)]


def clear_if_left(place: Path) -> bool:
    """Clear one sandbox if nobody holds it. False when somebody does, or when it is gone already."""
    lock = take_over(place)
    if lock is None:
        return False
    with lock:
        log.warning("sandbox %s was left behind and is cleared", place.name)
        return clear(place, Note.read(place))
