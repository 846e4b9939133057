"""Everything that the page of one incident shows, in a number of queries that does not grow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Q
from django.utils import timezone

from actions.selectors import Line, as_lines, of_source
from backups.models import BackupPolicy, Repository
from catalog.models import Service, System
from catalog.selectors import BlastRadius, SystemReadiness, blast_radius, proof_of_systems, sees_catalog
from incidents import rungs, texts
from incidents.choices import EventKind, State
from incidents.clocks.reading import Clocks, clocks_of
from incidents.models import Attachment, Incident, IncidentTask, Rating, TimelineEvent
from incidents.selectors.attachments import attachments_of
from incidents.selectors.calling import Calling, calling_of
from incidents.selectors.keys import key_of
from incidents.selectors.learning import Learned, learned_from
from incidents.selectors.roles import Seat, seats_of
from incidents.selectors.seeing import can_act
from incidents.selectors.similar import Similar, similar_to
from incidents.selectors.tasks import tasks_of
from incidents.selectors.telling import Telling, telling_of
from notify.models import Message
from people.models import User
from runbooks.selectors import Shown, plans_for

Thing = TypeVar("Thing", BackupPolicy, Repository)

#: What only the reporter, and those who work on it, read of what the reporter wrote.
OF_THE_REPORTER = (EventKind.REPORTED, EventKind.REPLY, EventKind.CORRECTED, EventKind.RATED, EventKind.MAIL)
EVENTS = 200
MESSAGES = 50


@dataclass(frozen=True)
class Unproven:
    """One rung that has to pass again before what Holdfast found is over."""

    policy: BackupPolicy | None
    repository: Repository | None
    rung: str
    copy_at: datetime


@dataclass(frozen=True)
class Page:
    """One incident as one person sees it.

    events: newest first.  messages: empty for those who only reported it.
    """

    incident: Incident
    can_act: bool
    services: list[Service]
    systems: list[System]
    joined_count: int
    events: list[TimelineEvent]
    unproven: list[Unproven]
    restores: list[SystemReadiness]
    plans: list[Shown]
    messages: list[Message]
    radius: BlastRadius
    actions: list[Line]
    clocks: Clocks
    now: datetime
    files: list[Attachment]
    rating: Rating | None
    calling: Calling
    seats: list[Seat]
    tasks: list[IncidentTask]
    merged: list[Incident]
    telling: Telling

    @property
    def takes_tasks(self) -> bool:
        """Whether something may still be done in it."""
        return self.can_act and self.incident.state not in (State.CLOSED, State.CANCELLED, State.MERGED)

    learned: Learned
    similar: list[Similar]


def page_of(incident: Incident, user: User) -> Page:
    """What the page shows. The incident must be visible to the user."""
    services, systems = list(incident.services.all()), list(incident.systems.all())
    now = timezone.now()
    return Page(
        incident=incident,
        can_act=can_act(user),
        services=services,
        systems=systems,
        joined_count=incident.followers.count(),
        events=events_of(incident),
        unproven=_unproven(incident),
        restores=_restores(systems) if sees_catalog(user) else [],
        plans=plans_for(services, systems),
        messages=_messages(incident),
        radius=blast_radius(*systems, *services) if sees_catalog(user) else BlastRadius([]),
        calling=calling_of(incident),
        seats=seats_of(incident),
        tasks=tasks_of(incident),
        merged=list(incident.merged.all()),
        actions=as_lines(of_source(user, key_of(incident)), user),
        clocks=clocks_of([incident], now)[incident.pk],
        now=now,
        files=list(attachments_of(incident)),
        rating=Rating.objects.filter(incident=incident).first(),
        learned=learned_from(incident, user),
        similar=similar_to(incident, user),
        telling=telling_of(incident, user, now),
    )


def events_of(incident: Incident) -> list[TimelineEvent]:
    """What happened, newest first; the last 200."""
    return list(incident.events.select_related("by")[:EVENTS])


def public_events_of(incident: Incident, *, with_reporter: bool) -> list[TimelineEvent]:
    """What the reporter reads. Those who joined do not read what the reporter wrote.

    Of what it was merged into, they read the progress, and nothing that its reporter wrote.
    """
    written = Q(kind__in=OF_THE_REPORTER) | Q(values__contains={"from_reporter": True})
    wanted = Q(incident=incident) if with_reporter else Q(incident=incident) & ~written
    if incident.merged_into_id:
        wanted |= Q(incident=incident.merged_into_id) & ~written
    events = TimelineEvent.objects.filter(wanted, is_public=True).select_related("by")
    return list(events[:EVENTS])


def _unproven(incident: Incident) -> list[Unproven]:
    merged = [each.failed_rungs for each in incident.merged.all()]
    failed = [rung for kept in [incident.failed_rungs, *merged] for rung in rungs.read(kept)]
    policies = _by_id(BackupPolicy.objects.filter(pk__in={rung.policy for rung in failed})) if failed else {}
    repositories = _by_id(Repository.objects.filter(pk__in={rung.repository for rung in failed})) if failed else {}
    return [
        Unproven(
            policy=policies.get(rung.policy),
            repository=repositories.get(rung.repository),
            rung=texts.rung({"kind": rung.kind, "level": rung.level}),
            copy_at=datetime.fromisoformat(rung.copy_at),
        )
        for rung in failed
    ]


def _restores(systems: Iterable[System]) -> list[SystemReadiness]:
    wanted = {system.pk for system in systems}
    if not wanted:
        return []
    return [found for pk, found in proof_of_systems().items() if pk in wanted]


def _messages(incident: Incident) -> list[Message]:
    about = {"about_type": incident._meta.label_lower, "about_id": str(incident.pk)}
    return list(Message.objects.filter(**about).select_related("to").prefetch_related("deliveries")[:MESSAGES])


def _by_id(rows: Iterable[Thing]) -> dict[str, Thing]:
    return {str(row.pk): row for row in rows}
