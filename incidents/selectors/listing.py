"""The list of incidents, as an address asks for it."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from catalog.models import Service, System
from common import search as search_words
from common.search import matching
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


def found(user: User, wanted: Wanted) -> QuerySet[Incident]:
    """The incidents that the user reads and wants: live ones by severity, others newest first."""
    incidents = visible_to(user).select_related("owner", "reporter").prefetch_related("services", "systems")
    if wanted.state == LIVE_ONES:
        incidents = incidents.filter(state__in=LIVE).order_by("severity", "-reported_at")
    elif wanted.state == OVER:
        incidents = incidents.exclude(state__in=LIVE)
    elif wanted.state != "all":
        incidents = incidents.filter(state=wanted.state)
    if wanted.severity:
        incidents = incidents.filter(severity=wanted.severity)
    if wanted.is_mine:
        incidents = incidents.filter(Q(owner=user) | Q(reporter=user))
    return incidents.filter(pk__in=_that_say(wanted.search)) if wanted.search else incidents


def _that_say(search: str) -> QuerySet[Any]:
    """Keys of those with the words: in the report, or in the name of what is affected; or with the number."""
    words = search_words.Wanted.of(search)
    if not words:
        return Incident.objects.none().values("pk")
    number = words.number_after("INC") or words.number_after("")
    by_number = Incident.objects.filter(number__in=[number] if number is not None else []).values("pk")
    said = matching(Incident.objects.all(), words).values("pk")
    services = Incident.services.through.objects.filter(service__in=matching(Service.objects.all(), words))
    systems = Incident.systems.through.objects.filter(system__in=matching(System.objects.all(), words))
    return said.union(by_number, services.values("incident_id"), systems.values("incident_id"))
