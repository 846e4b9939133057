"""The list of incidents, as an address asks for it."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from catalog.models import Service, System
from common import search as search_words
from common.search import RANKED, matching, newest_keys
from incidents.choices import LIVE, SCALES_OF_SEVERITY, State
from incidents.models import Incident
from incidents.selectors.seeing import visible_to
from people.models import User

SEARCH_LENGTH = 100
#: Names of groups of states, beside the states themselves.
LIVE_ONES, OVER = "live", "over"


@dataclass(frozen=True)
class Wanted:
    """Which incidents are wanted. What an address says wrongly is as if it were not said."""

    state: str = LIVE_ONES
    severity: int | None = None
    is_mine: bool = False
    search: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        state, severity = query.get("state", LIVE_ONES), query.get("severity", "")
        return cls(
            state=state if state in {LIVE_ONES, OVER, "all", *State.values} else LIVE_ONES,
            severity=int(severity) if severity in {str(each) for each in SCALES_OF_SEVERITY} else None,
            is_mine=query.get("mine") == "yes",
            search=query.get("q", "").replace("\0", "").strip()[:SEARCH_LENGTH],
        )

    @property
    def is_unfiltered(self) -> bool:
        """Whether nothing but the live ones was asked for."""
        return self == Wanted()

    @property
    def query(self) -> str:
        """How it stands in an address, ending in & unless it is empty."""
        said = urlencode(self.said())
        return f"{said}&" if said else ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search keeps beside its own words."""
        return [(name, value) for name, value in self.said() if name != "q"]

    def said(self) -> list[tuple[str, str]]:
        """What differs from the plain list."""
        said = [("state", self.state)] if self.state != LIVE_ONES else []
        said += [("severity", str(self.severity))] if self.severity else []
        said += [("mine", "yes")] if self.is_mine else []
        return said + ([("q", self.search)] if self.search else [])


@dataclass(frozen=True)
class Listed:
    """The incidents of a list. is_cut: more than `RANKED` hold the words that were looked for; these are the newest."""

    rows: QuerySet[Incident]
    is_cut: bool = False


def found(user: User, wanted: Wanted) -> Listed:
    """The incidents that the user reads and wants: live ones by severity, others newest first."""
    incidents = _narrowed(visible_to(user), user, wanted)
    listed = incidents.select_related("owner", "reporter").prefetch_related("services", "systems")
    if wanted.state == LIVE_ONES:
        listed = listed.order_by("severity", "-reported_at")
    if not wanted.search:
        return Listed(listed)
    keys, is_cut = _that_say(wanted.search, incidents)
    return Listed(listed.filter(pk__in=keys), is_cut)


def _narrowed(incidents: QuerySet[Incident], user: User, wanted: Wanted) -> QuerySet[Incident]:
    if wanted.state == LIVE_ONES:
        incidents = incidents.filter(state__in=LIVE)
    elif wanted.state == OVER:
        incidents = incidents.exclude(state__in=LIVE)
    elif wanted.state != "all":
        incidents = incidents.filter(state=wanted.state)
    if wanted.severity:
        incidents = incidents.filter(severity=wanted.severity)
    return incidents.filter(Q(owner=user) | Q(reporter=user)) if wanted.is_mine else incidents


def _that_say(search: str, incidents: QuerySet[Incident]) -> tuple[set[Any], bool]:
    """Keys of those with the words, in the report or in the name of what is affected, or with the number; if cut.

    Read ahead of the list: left in one statement, the planner reads all incidents to find a few.
    """
    words = search_words.Wanted.of(search)
    if not words:
        return set(), False
    number = words.number_after("INC") or words.number_after("")
    services = Incident.services.through.objects.filter(service__in=matching(Service.objects.all(), words))
    systems = Incident.systems.through.objects.filter(system__in=matching(System.objects.all(), words))
    newest = incidents.order_by("-reported_at").values_list("pk", flat=True)
    found_by = [
        newest_keys(incidents, words, "-reported_at"),
        newest.filter(pk__in=services.values("incident_id"))[:RANKED],
        newest.filter(pk__in=systems.values("incident_id"))[:RANKED],
        newest.filter(number=number) if number is not None else [],
    ]
    listed = [list(keys) for keys in found_by]
    return {key for keys in listed for key in keys}, any(len(keys) >= RANKED for keys in listed)
