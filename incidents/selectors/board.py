"""The board: what is live and what was resolved today, a column a state, in a number of queries that does not grow."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from incidents.choices import LIVE, State
from incidents.models import Incident
from incidents.selectors.listing import LONG, narrowed, that_say
from incidents.selectors.seeing import visible_to
from incidents.selectors.wanted import Wanted
from people.models import User

COLUMNS = (*LIVE, State.RESOLVED)
#: More cards than these in a column are the list's to show.
PER_COLUMN = 30


@dataclass(frozen=True)
class Column:
    """The incidents of one state, the worst first. count: of all of them, also those that are not shown."""

    state: State
    incidents: list[Incident]
    count: int

    @property
    def more(self) -> int:
        """How many stand in the list only."""
        return max(0, self.count - len(self.incidents))


def board_of(user: User, wanted: Wanted, now: datetime) -> list[Column]:
    """The columns, as the user reads and wants them."""
    seen = narrowed(visible_to(user), user, wanted)
    if wanted.search:
        seen = seen.filter(pk__in=that_say(wanted.search, seen.filter(_on_board(now)))[0])
    counts = _counts(seen, now)
    columns = [Column(state, list(_cards(seen, state, now)), counts[state]) for state in COLUMNS]
    prefetch_related_objects([each for column in columns for each in column.incidents], "services", "systems")
    return columns


def _cards(seen: QuerySet[Incident], state: State, now: datetime) -> Iterable[Incident]:
    rows = seen.filter(state=state).select_related("owner", "team").defer(*LONG)
    if state == State.RESOLVED:
        return rows.filter(resolved_at__gte=_today(now)).order_by("-resolved_at")[:PER_COLUMN]
    return rows.order_by("severity", "reported_at")[:PER_COLUMN]


def _counts(seen: QuerySet[Incident], now: datetime) -> Counter[str]:
    rows = seen.filter(_on_board(now)).order_by().values_list("state").annotate(Count("pk"))
    return Counter(dict(rows))


def _on_board(now: datetime) -> Q:
    return Q(state__in=LIVE) | Q(state=State.RESOLVED, resolved_at__gte=_today(now))


def _today(now: datetime) -> datetime:
    """The beginning of the day where the reader is."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
