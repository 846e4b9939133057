"""Which incidents are wanted, as an address says it: so that it can be kept, sent on and begun with."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from incidents.choices import SCALES_OF_SEVERITY, Category, Source, State

SEARCH_LENGTH = 100
#: Names of groups of states, beside the states themselves.
LIVE_ONES, OVER, ALL = "live", "over", "all"
#: Whose: in the reader's charge, that or reported by the reader, in nobody's, of the reader's teams; or a person's id.
ME, MINE, NOBODY, TEAMS = "me", "mine", "nobody", "teams"
#: How long ago it was reported: within, in days; or longer ago than a week.
AGES = {"day": 1, "week": 7, "month": 30}
OLDER, OLDER_DAYS = "older", 7
WORST, NEWEST, OLDEST = "worst", "newest", "oldest"
FIRST_YEAR, LAST_YEAR = 1970, 2200


@dataclass(frozen=True)
class Wanted:
    """Which incidents are wanted. What an address says wrongly is as if it were not said."""

    state: str = LIVE_ONES
    severities: tuple[int, ...] = ()
    service: str = ""
    system: str = ""
    team: str = ""
    owner: str = ""
    category: str = ""
    source: str = ""
    is_major: bool = False
    age: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""
    search: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        def one(name: str, *known: str) -> str:
            said = query.get(name, "")
            return said if said in known else ""

        def key(name: str) -> str:
            return _key(query.get(name, ""))

        owner = one("owner", ME, MINE, NOBODY, TEAMS) or key("owner")
        severities = {int(each) for each in query.getlist("severity") if each in map(str, SCALES_OF_SEVERITY)}
        return cls(
            state=one("state", OVER, ALL, *State.values) or LIVE_ONES,
            severities=tuple(sorted(severities)),
            service=key("service"),
            system=key("system"),
            team=key("team"),
            owner=owner or (MINE if query.get("mine") == "yes" else ""),
            category=one("category", *Category.values),
            source=one("source", *Source.values),
            is_major=query.get("major") == "yes",
            age=one("age", *AGES, OLDER),
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
            sort=one("sort", WORST, NEWEST, OLDEST),
            search=query.get("q", "").replace("\0", "").strip()[:SEARCH_LENGTH],
        )

    @classmethod
    def parse(cls, query: str) -> Self:
        """From a query as it stands in an address."""
        return cls.read(QueryDict(query))

    @property
    def is_unfiltered(self) -> bool:
        """Whether nothing but the live ones was asked for."""
        return replace(self, sort="") == Wanted()

    @property
    def query(self) -> str:
        """How it stands in an address, ending in & unless it is empty."""
        said = urlencode(self.said())
        return f"{said}&" if said else ""

    @property
    def address(self) -> str:
        """The same, never empty: the plain list too is an address that can be told from none."""
        return urlencode(self.said()) or urlencode({"state": LIVE_ONES})

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search keeps beside its own words."""
        return [(name, value) for name, value in self.said() if name != "q"]

    def but(self, **changes: Any) -> Self:
        """The same, otherwise in these."""
        return replace(self, **changes)

    def said(self) -> list[tuple[str, str]]:
        """What differs from the plain list."""
        said = [("state", self.state)] if self.state != LIVE_ONES else []
        said += [("severity", str(each)) for each in self.severities]
        plain = ("service", "system", "team", "owner", "category", "source")
        said += [(name, getattr(self, name)) for name in plain]
        said += [("major", "yes" if self.is_major else ""), ("age", self.age)]
        said += [(name, day.isoformat() if day else "") for name, day in (("since", self.since), ("until", self.until))]
        said += [("sort", self.sort), ("q", self.search)]
        return [(name, value) for name, value in said if value]


def _key(text: str) -> str:
    """An id as it is written; empty for anything else."""
    try:
        return str(UUID(text)) if len(text) == len(str(UUID(int=0))) else ""
    except ValueError:
        return ""


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
