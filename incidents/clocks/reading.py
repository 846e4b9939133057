"""The clocks of many incidents from what happened to them, in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from incidents.choices import State
from incidents.clocks.choices import CHANGES, UPDATES, ClockKind, ClockState
from incidents.clocks.counting import Change, Clock, History, Target, clock, strictest
from incidents.models import ClockTarget, Deadline, Incident, TimelineEvent
from people.calendars import Hours
from people.selectors import Anyone, hours_of, reads_all

#: Where the columns of an incident say when it came to a state, for rows that nobody's timeline tells of.
REACHED = (
    ("acknowledged_at", State.ACTIVE),
    ("mitigated_at", State.MITIGATED),
    ("resolved_at", State.RESOLVED),
    ("cancelled_at", State.CANCELLED),
    ("closed_at", State.CLOSED),
)
SPAN_OF = {
    ClockKind.ACKNOWLEDGE: "acknowledge_within",
    ClockKind.UPDATE: "update_every",
    ClockKind.RESOLVE: "resolve_within",
}


@dataclass(frozen=True)
class Clocks:
    """The clocks of one incident, those that there are, in the order in which they end in a usual life."""

    all: tuple[Clock, ...] = ()

    @property
    def pressing(self) -> Clock | None:
        """The one to look at in a list: what is too late, else what is due first, else what waits."""
        waiting = [each for each in self.all if each.is_open]
        order = {ClockState.BREACHED: 0, ClockState.RUNNING: 1, ClockState.PAUSED: 2}
        return min(
            waiting, key=lambda each: (order[each.state], each.due_at is None, each.due_at or each.since), default=None
        )

    def of(self, kind: str) -> Clock | None:
        """One of them."""
        return next((each for each in self.all if each.kind == kind), None)


def clocks_of(incidents: Iterable[Incident], now: datetime) -> dict[UUID, Clocks]:
    """The clocks of each incident, by its id; nobody's rights are asked. Six queries at most."""
    incidents = list(incidents)
    if not incidents:
        return {}
    histories = histories_of(incidents)
    services, deadlines = _services_of(incidents), _deadlines_of(incidents)
    promised = list(ClockTarget.objects.select_related("calendar"))
    hours = hours_of({each.calendar_id: each.calendar for each in promised}.values())
    found = {}
    for incident in incidents:
        history = histories[incident.pk]
        in_force = _in_force(promised, incident, services.get(incident.pk, ()), history.over_since or now)
        found[incident.pk] = _clocks(history, in_force, hours, deadlines.get(incident.pk), now)
    return found


def visible_limits(user: Anyone) -> QuerySet[ClockTarget]:
    """What is promised now, for all who work on incidents or audit them."""
    in_force = ClockTarget.objects.filter(until=None)
    return in_force if reads_all(user) else in_force.none()


def histories_of(incidents: Iterable[Incident]) -> dict[UUID, History]:
    """What happened to each, as far as clocks know of it."""
    by_id = {each.pk: each for each in incidents}
    changes: dict[UUID, list[Change]] = {pk: [] for pk in by_id}
    updates: dict[UUID, list[datetime]] = {pk: [] for pk in by_id}
    waits: dict[UUID, str] = {}
    rows = TimelineEvent.objects.filter(incident__in=by_id, kind__in=[*CHANGES, *UPDATES]).order_by("at", "created_at")
    said = rows.annotate(state=KT("values__to"), reason=KT("changes__hold_reason__to"))
    for pk, at, kind, state, reason in said.values_list("incident_id", "at", "kind", "state", "reason"):
        if kind in UPDATES:
            updates[pk].append(at)
        elif state in State.values:
            # What is taken out of another one waits for what it waited for before.
            waits[pk] = reason or waits.get(pk, "")
            changes[pk].append(Change(at, state, waits[pk] if state == State.ON_HOLD else ""))
    return {pk: History.of(each.reported_at, _trusted(each, changes[pk]), updates[pk]) for pk, each in by_id.items()}


def _trusted(incident: Incident, changes: list[Change]) -> list[Change]:
    """With what the row itself says, where its timeline ends in another state: rows that came in from elsewhere."""
    if (changes[-1].state if changes else State.TRIAGE) == incident.state:
        return changes
    if not changes:
        changes = [Change(at, state) for name, state in REACHED if (at := getattr(incident, name)) is not None]
    if not changes or changes[-1].state != incident.state:
        last = changes[-1].at if changes else incident.reported_at
        changes = [*changes, Change(last, incident.state, incident.hold_reason)]
    return changes


def _services_of(incidents: list[Incident]) -> dict[UUID, tuple[UUID, ...]]:
    """The services of each. Read at once, unless the list brought them along."""
    kept: list[Any] = [getattr(each, "_prefetched_objects_cache", {}).get("services") for each in incidents]
    if all(each is not None for each in kept):
        return {each.pk: tuple(one.pk for one in services) for each, services in zip(incidents, kept, strict=True)}
    found: dict[UUID, tuple[UUID, ...]] = {}
    through = Incident.services.through.objects.filter(incident__in=[each.pk for each in incidents])
    for incident, service in through.values_list("incident_id", "service_id"):
        found[incident] = (*found.get(incident, ()), service)
    return found


def _deadlines_of(incidents: list[Incident]) -> dict[UUID, datetime]:
    return dict(Deadline.objects.filter(incident__in=incidents).values_list("incident_id", "due_at"))


def _in_force(
    promised: list[ClockTarget], incident: Incident, services: Iterable[UUID], at: datetime
) -> list[ClockTarget]:
    """What is promised to each of the services: their own where there is one, else what holds for all."""
    here = {
        each.service_id: each
        for each in promised
        if each.severity == incident.severity and each.since <= at and (each.until is None or at < each.until)
    }
    wanted = [here.get(service, here.get(None)) for service in services] or [here.get(None)]
    return list({each.pk: each for each in wanted if each is not None}.values())


def _clocks(
    history: History,
    promised: list[ClockTarget],
    hours: Mapping[UUID, Hours],
    deadline: datetime | None,
    now: datetime,
) -> Clocks:
    found = []
    for kind, name in SPAN_OF.items():
        if kind == ClockKind.RESOLVE and deadline is not None:
            targets = [Target(kind, until=deadline)]
        else:
            spans = ((getattr(each, name), hours[each.calendar_id]) for each in promised)
            targets = [Target(kind, span, by) for span, by in spans if span is not None]
        read = [each for target in targets if (each := clock(history, target, now)) is not None]
        if (strict := strictest(read, now)) is not None:
            found.append(strict)
    return Clocks(tuple(found))
