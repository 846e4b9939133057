"""What waits for a person, in one shape for every app.

An app that has work for people offers `selectors.work_of(user, now) -> list[WorkItem]` in its
`selectors/work.py`: what the user has to do, and what those have to do for whom the user stands in
(`people.selectors.acting_for(user, now)`; such an item names the person in `acting_for`). It reads
in a number of queries that does not grow with what it finds, filters what the user may not see in
the query, and gives at most `MOST` items, those due first first. The page lays the lists together.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.functional import Promise

#: Words for a page: read in the language of the request.
Words = str | Promise
#: More items than this of one kind are a case for that app's own list.
MOST = 50

_FAR = datetime.max.replace(tzinfo=UTC)


class Urgency(enum.IntEnum):
    """How an item stands among those that are due at the same time."""

    NOW = 0
    SOON = 1
    NORMAL = 2


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits for one person.

    kind: for programs, `incidents.acknowledge`.  title: what to do, a verb first: "Acknowledge the report".
    about: the name of the thing, with its reference.  url: its page.  since: from when it waits.
    state_word: how it stands, where that is worth a word.  action: what the one button says, and
    action_url: where it posts, with fields as its body; all empty where the thing is done on its page.
    acting_for: the name of the absent person whose work this is.
    """

    kind: str
    title: Words
    about: str
    url: str
    since: datetime
    due_at: datetime | None = None
    state_word: Words = ""
    urgency: Urgency = Urgency.NORMAL
    action: Words = ""
    action_url: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    acting_for: str = ""

    @property
    def order(self) -> tuple[datetime, int, datetime, str]:
        """What is due first, then what is urgent, then what waits longest."""
        return self.due_at or _FAR, int(self.urgency), self.since, self.url

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done before now."""
        return self.due_at is not None and self.due_at < now


def in_order(items: Iterable[WorkItem]) -> list[WorkItem]:
    """Items as a person should take them. Urgent ones without a time come before everything that has one."""
    return sorted(items, key=lambda item: (item.urgency != Urgency.NOW, item.order))
