"""The list of actions, as an address asks for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from actions.choices import TO_DO, UNFINISHED, Kind, State
from actions.models import Action
from actions.references import number_of, plan_number_of
from actions.selectors.seeing import sees_actions, visible_to
from actions.services.rows import day_of
from common.search import Wanted as Words
from common.search import matching
from common.seeing import unseen
from people.models import User
from people.selectors import Anyone, working_for

SEARCH_LENGTH = 100
#: Groups of states, beside those that a state names itself.
UNFINISHED_ONES, MINE, OVERDUE, ENDED = "unfinished", "mine", "overdue", "ended"
SHOWS = (UNFINISHED_ONES, MINE, OVERDUE, State.DONE.value, State.RISK_ACCEPTED.value, ENDED, "all")


@dataclass(frozen=True)
class Wanted:
    """Which actions are wanted. What an address says wrongly is as if it were not said."""

    show: str = UNFINISHED_ONES
    kind: str = ""
    plan: str = ""
    search: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        show, kind, plan = query.get("show", UNFINISHED_ONES), query.get("kind", ""), query.get("plan", "")
        return cls(
            show=show if show in SHOWS else UNFINISHED_ONES,
            kind=kind if kind in Kind.values else "",
            plan=plan if plan_number_of(plan) is not None else "",
            search=query.get("q", "").replace("\0", "").strip()[:SEARCH_LENGTH],
        )

    @property
    def is_unfiltered(self) -> bool:
        """Whether nothing but what is unfinished was asked for."""
        return self == Wanted()

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search keeps beside its own words."""
        return [(name, value) for name, value in self.said() if name != "q"]

    @property
    def query(self) -> str:
        """How it stands in an address."""
        return urlencode(self.said())

    def said(self) -> list[tuple[str, str]]:
        """What differs from the plain list."""
        said = [("show", self.show)] if self.show != UNFINISHED_ONES else []
        said += [("kind", self.kind)] if self.kind else []
        said += [("plan", self.plan)] if self.plan else []
        return said + ([("q", self.search)] if self.search else [])


@dataclass(frozen=True)
class Line:
    """One action of a list. days: until it is due, below zero when it is late; None once it is over."""

    action: Action
    days: int | None

    @property
    def is_overdue(self) -> bool:
        return self.days is not None and self.days < 0


def found(user: User, wanted: Wanted) -> QuerySet[Action]:
    """The actions that the user reads and wants: what is due first first, what is over newest first."""
    now = timezone.now()
    actions = visible_to(user).select_related("owner", "phase__plan").order_by("due_on", "number")
    if wanted.show == UNFINISHED_ONES:
        actions = actions.filter(state__in=UNFINISHED)
    elif wanted.show == MINE:
        actions = actions.filter(state__in=UNFINISHED, owner__in=[*working_for(user, now)])
    elif wanted.show == OVERDUE:
        actions = actions.filter(state__in=UNFINISHED, due_on__lt=day_of(now))
    elif wanted.show == ENDED:
        actions = actions.filter(state__in=[State.VERIFIED, State.CANCELLED]).order_by("-due_on", "-number")
    elif wanted.show != "all":
        actions = actions.filter(state=wanted.show)
    if wanted.kind:
        actions = actions.filter(kind=wanted.kind)
    if (plan := plan_number_of(wanted.plan)) is not None and sees_actions(user):
        actions = actions.filter(phase__plan__number=plan)
    if (number := number_of(wanted.search.upper())) is not None:
        return actions.filter(number=number)
    return matching(actions, Words.of(wanted.search)) if wanted.search else actions


def as_lines(actions: Iterable[Action], user: Anyone, today: date | None = None) -> list[Line]:
    """Each with the days that are left, and whether the user may know where it came from."""
    actions = hide_sources(actions, user)
    today = today or day_of(timezone.now())
    return [Line(each, (each.due_on - today).days if each.state in UNFINISHED else None) for each in actions]


def hide_sources(actions: Iterable[Action], user: Anyone) -> list[Action]:
    """The same, each with whether the user may not see what it came from. One query for all."""
    actions = list(actions)
    hidden = unseen(user, (_source(action) for action in actions if action.source_key))
    for action in actions:
        action.is_source_hidden = bool(action.source_key) and _source(action) in hidden
    return actions


def _source(action: Action) -> tuple[str, str]:
    kind, _colon, pk = action.source_key.partition(":")
    return kind, pk


def overdue_count(user: User) -> int:
    """How many unfinished actions of the user are late."""
    now = timezone.now()
    late = visible_to(user).filter(state__in=TO_DO, owner=user.pk, due_on__lt=day_of(now))
    return late.count()
