"""Something is wrong, says a person."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from catalog.models import Service, System
from incidents.choices import SCALES, SEVERITY, Badness, EventKind, Source
from incidents.models import Incident
from incidents.services.audience import tell_workers
from incidents.services.rows import lock, write_down
from people.models import User

TITLE_LENGTH = 160
#: A title made of the first words ends at a word where one ends in time.
SHORTEST_CUT = 60


@transaction.atomic
def report(
    *,
    by: User,
    description: str = "",
    title: str = "",
    services: Iterable[Service] = (),
    systems: Iterable[System] = (),
    occurred_at: datetime | None = None,
    place: str = "",
    badness: str = Badness.HINDERED,
    scales: tuple[int, int] | None = None,
    error_code: str = "",
    steps_tried: str = "",
    source: str = Source.PAGE,
    now: datetime | None = None,
) -> Incident:
    """Take in what a person saw. Only a title or a description is needed; the rest may stay unknown.

    badness: in the reporter's words.  scales: (impact, urgency) where somebody judged them; they win.
    Returns the incident, in triage. The people who work on incidents are told in the same transaction.
    """
    now = now or timezone.now()
    impact, urgency = scales or SCALES[Badness(badness)]
    named = (title.strip() or first_words(description))[:TITLE_LENGTH]
    incident = Incident.objects.create(
        title=named,
        reported_as=named,
        description=description.strip(),
        impact=impact,
        urgency=urgency,
        severity=SEVERITY[impact, urgency],
        source=source,
        reporter=by,
        place=place.strip(),
        error_code=error_code.strip(),
        steps_tried=steps_tried.strip(),
        occurred_at=occurred_at,
        reported_at=now,
        tracking_token=new_token(),
    )
    incident.refresh_from_db(fields=["number"])
    incident.services.set(services)
    incident.systems.set(systems)
    values = {"name": str(by), "severity": incident.severity, "source": source}
    write_down(
        incident,
        EventKind.REPORTED,
        verb="incident.reported",
        by=by,
        now=now,
        text=incident.description,
        values=values,
        is_public=True,
    )
    tell_workers(incident, "incident.reported", but=by)
    return incident


@transaction.atomic
def join(*, incident_id: uuid.UUID, by: User, now: datetime | None = None) -> Incident:
    """Somebody else has the same problem and wants to be kept posted. Joining twice is joining once."""
    incident = lock(incident_id)
    if incident.reporter_id == by.pk or incident.followers.filter(pk=by.pk).exists():
        return incident
    incident.followers.add(by)
    values = {"name": str(by)}
    write_down(incident, EventKind.JOINED, verb="incident.joined", by=by, now=now or timezone.now(), values=values)
    return incident


def first_words(text: str) -> str:
    """A title from a description: its first line, cut where a word ends."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[: TITLE_LENGTH - 1]
    end = cut.rfind(" ")
    return (cut[:end] if end >= SHORTEST_CUT else cut).rstrip() + "…"


def new_token() -> str:
    """Nobody can guess the address of a tracking page."""
    return secrets.token_urlsafe(32)
