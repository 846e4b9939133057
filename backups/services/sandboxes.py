"""The place apart in which copies of a policy are opened."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

from backups.adapters.sandbox import Limits, Sandbox
from backups.services.work import Work

GIBIBYTE = 1024**3


class Bounded(Protocol):
    """What one part takes at most."""

    @property
    def most_bytes(self) -> int: ...

    @property
    def entries(self) -> int: ...


def sandbox(work: Work, rooms: Iterable[Bounded]) -> Sandbox:
    """A sandbox with room for these parts. Use it in a `with`."""
    rooms, usual = list(rooms), Limits()
    limits = Limits(
        wall_clock=timedelta(seconds=work.remaining()),
        disk_bytes=sum(room.most_bytes for room in rooms) + 3 * GIBIBYTE,
        entries=sum(room.entries for room in rooms) + usual.entries,
    )
    name = f"{work.run.reference}-{work.run.attempts}-{work.run.pk.hex[:8]}"
    return Sandbox(name, limits, stop=work.stop, accept_none=work.policy.accept_no_isolation)
