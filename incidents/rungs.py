"""When a failure is over: pure functions over the rungs of the backup ladder that did not hold.

A rung is one policy's backup, one level of its checks, or one level of its restore tests, in one
repository, failed with one copy. A pass clears rungs at or below its own, of the same or an older
copy, in the repository that failed. So Sunday's failed restore test is not closed by Monday's backup.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

#: A backup stands below the lowest level of a check.
BACKUP = -1
#: What a check, and a restore test, always has to hold.
LEVEL_OF_CHECK = 3
LEVEL_OF_RESTORE_TEST = 4


@dataclass(frozen=True)
class Rung:
    """One rung that did not hold, or the highest that held.

    height: BACKUP, or the level.  copy_at: the moment whose data the copy holds (a backup that made
    none: when it began; a check or restore test that took none up: the newest there was), ISO 8601 in UTC.
    """

    policy: str
    repository: str
    kind: str
    height: int
    copy_at: str

    @property
    def level(self) -> int | None:
        """The level for people; a backup has none."""
        return None if self.height == BACKUP else self.height

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read(stored: Iterable[dict[str, Any]]) -> list[Rung]:
    """The rungs as an incident keeps them."""
    return [Rung(**each) for each in stored]


def add(failed: Iterable[Rung], new: Rung) -> list[Rung]:
    """The failed rungs with one more. The same rung again counts with the newer of its copies."""
    kept = [rung for rung in failed if not _same(rung, new)]
    older = [rung for rung in failed if _same(rung, new)]
    newest = max([*older, new], key=lambda rung: _instant(rung.copy_at))
    return sorted([*kept, newest], key=lambda rung: (rung.policy, rung.repository, rung.height))


def clear(failed: Iterable[Rung], held: Rung) -> list[Rung]:
    """The failed rungs that still stand after a pass."""
    return [rung for rung in failed if not _clears(held, rung)]


def _same(one: Rung, other: Rung) -> bool:
    return (one.policy, one.repository, one.height) == (other.policy, other.repository, other.height)


def _clears(held: Rung, failed: Rung) -> bool:
    return (
        held.policy == failed.policy
        and held.repository == failed.repository
        and held.height >= failed.height
        and _instant(held.copy_at) >= _instant(failed.copy_at)
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
