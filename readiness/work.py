"""Everything that waits for one person, from every room."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import actions.selectors
import backups.selectors
import catalog.selectors
import incidents.selectors
import notify.selectors
import people.selectors
import runbooks.selectors
from common.work import WorkItem, in_order
from people.selectors import Anyone

#: Every room that has work for people.
ROOMS: tuple[Callable[[Anyone, datetime], list[WorkItem]], ...] = (
    incidents.selectors.work_of,
    actions.selectors.work_of,
    runbooks.selectors.work_of,
    backups.selectors.work_of,
    catalog.selectors.work_of,
    notify.selectors.work_of,
    people.selectors.work_of,
)


@dataclass(frozen=True)
class Waiting:
    """One thing that waits, and whether it should have been done before."""

    item: WorkItem
    is_overdue: bool


@dataclass(frozen=True)
class Work:
    """What waits for one person, in the order in which to take it."""

    waiting: list[Waiting]

    @property
    def count(self) -> int:
        return len(self.waiting)

    @property
    def overdue(self) -> int:
        """How many should have been done before."""
        return sum(each.is_overdue for each in self.waiting)


def work_for(user: Anyone, now: datetime) -> Work:
    """Everything that waits for the user. The number of queries does not grow with what is found."""
    items = in_order(item for room in ROOMS for item in room(user, now))
    return Work([Waiting(item, item.is_overdue(now)) for item in items])
