"""The list of incidents, as an address asks for it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog.models import Service, System
from common import search as search_words
from common.search import RANKED, matching, newest_keys
from incidents.choices import LIVE
from incidents.models import Incident
from incidents.selectors import wanted as wishes
from incidents.selectors.seeing import visible_to
from incidents.selectors.wanted import AGES, LIVE_ONES, Wanted
from people.models import Membership, User
from people.selectors import teams_of

#: What no list shows and which may be long.
LONG = ("description", "steps_tried", "failed_rungs")


@dataclass(frozen=True)
class Listed:
    """The incidents of a list. is_cut: more than `RANKED` hold the words that were looked for; these are the newest."""

    rows: QuerySet[Incident]
    is_cut: bool = False


def found(user: User, wanted: Wanted) -> Listed:
    """The incidents that the user reads and wants: live ones by severity, others newest first."""
    incidents = narrowed(in_state(visible_to(user), wanted.state), user, wanted)
    listed = incidents.select_related("owner", "reporter", "team").prefetch_related("services", "systems").defer(*LONG)
    listed = listed.order_by(*_order(wanted))
    if not wanted.search:
        return Listed(listed)
    keys, is_cut = that_say(wanted.search, incidents)
    return Listed(listed.filter(pk__in=keys), is_cut)


def in_state(incidents: QuerySet[Incident], state: str) -> QuerySet[Incident]:
    """Those in a state or in a group of states."""
    if state == LIVE_ONES:
        return incidents.filter(state__in=LIVE)
    if state == wishes.OVER:
        return incidents.exclude(state__in=LIVE)
    return incidents if state == wishes.ALL else incidents.filter(state=state)


def narrowed(incidents: QuerySet[Incident], user: User, wanted: Wanted) -> QuerySet[Incident]:
    """Those that are as wanted in all but state and words."""
    if wanted.severities:
        incidents = incidents.filter(severity__in=wanted.severities)
    if wanted.service:
        incidents = incidents.filter(services=UUID(wanted.service))
    if wanted.system:
        incidents = incidents.filter(systems=UUID(wanted.system))
    if wanted.team:
        incidents = incidents.filter(team=UUID(wanted.team))
    for name in ("category", "source"):
        if value := getattr(wanted, name):
            incidents = incidents.filter(**{name: value})
    if wanted.is_major:
        incidents = incidents.filter(is_major=True)
    return _reported(_owned(incidents, user, wanted.owner), wanted)


def _owned(incidents: QuerySet[Incident], user: User, owner: str) -> QuerySet[Incident]:
    if owner in ("", wishes.NOBODY):
        return incidents.filter(owner=None) if owner else incidents
    if owner == wishes.ME:
        return incidents.filter(owner=user)
    if owner == wishes.MINE:
        return incidents.filter(Q(owner=user) | Q(reporter=user))
    if owner != wishes.TEAMS:
        return incidents.filter(owner=UUID(owner))
    # Read ahead, so that the database goes by its indexes of teams and owners and not through all incidents.
    teams = list(teams_of(user).values_list("pk", flat=True))
    members = list(Membership.objects.filter(team__in=teams).values_list("person", flat=True))
    return incidents.filter(Q(team__in=teams) | Q(owner__in=members))


def _reported(incidents: QuerySet[Incident], wanted: Wanted) -> QuerySet[Incident]:
    now = timezone.now()
    if wanted.age in AGES:
        incidents = incidents.filter(reported_at__gte=now - timedelta(days=AGES[wanted.age]))
    elif wanted.age:
        incidents = incidents.filter(reported_at__lt=now - timedelta(days=wishes.OLDER_DAYS))
    if wanted.since:
        incidents = incidents.filter(reported_at__gte=_midnight(wanted.since))
    if wanted.until:
        incidents = incidents.filter(reported_at__lt=_midnight(wanted.until + timedelta(days=1)))
    return incidents


def _midnight(day: Any) -> datetime:
    """The beginning of a day where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _order(wanted: Wanted) -> tuple[str, ...]:
    is_live = wanted.state == LIVE_ONES
    order = wanted.sort or (wishes.WORST if is_live else wishes.NEWEST)
    return {
        wishes.WORST: ("severity", "-reported_at"),
        wishes.NEWEST: ("-reported_at",),
        wishes.OLDEST: ("reported_at",),
    }[order]


def that_say(search: str, incidents: QuerySet[Incident]) -> tuple[set[Any], bool]:
    """Keys of those with the words, in the report or in the name of what is affected, or with the number; if cut.

    Read ahead of the list: left in one statement, the planner reads all incidents to find a few.
    """
    words = search_words.Wanted.of(search)
    if not words:
        return set(), False
    number = words.number_after("INC") or words.number_after("")
    newest = incidents.order_by("-reported_at").values_list("pk", flat=True)
    services, systems = Incident.services.through.objects, Incident.systems.through.objects
    found_by = [
        newest_keys(incidents, words, "-reported_at"),
        newest.filter(number=number) if number is not None else [],
    ]
    if named := _named(Service.objects.all(), words):
        found_by.append(newest.filter(pk__in=services.filter(service__in=named).values("incident_id"))[:RANKED])
    if named := _named(System.objects.all(), words):
        found_by.append(newest.filter(pk__in=systems.filter(system__in=named).values("incident_id"))[:RANKED])
    listed = [list(keys) for keys in found_by]
    return {key for keys in listed for key in keys}, any(len(keys) >= RANKED for keys in listed)


def _named(things: QuerySet[Any], words: search_words.Wanted) -> list[Any]:
    """Keys of what is called so. Known ahead, incidents are looked through only where there is one."""
    return list(matching(things, words).values_list("pk", flat=True))
