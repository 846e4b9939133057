"""What failed, in words: as a title, on the timeline, and to people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incidents import texts
from incidents.choices import CallReason, EventKind, State
from incidents.models import Incident
from incidents.services.audience import matter_of, urgency_of
from incidents.services.causes.finding import BY, Cause
from incidents.services.escalation import begin_escalation
from incidents.services.reporting import TITLE_LENGTH
from incidents.services.rows import write_down
from notify.choices import Urgency
from notify.services import tell

#: Message → why people are called at the same moment.
CALLS = {
    "incident.opened": CallReason.OPENED,
    "incident.came_back": CallReason.REOPENED,
    "incident.failed_again": CallReason.URGENT,
}


def name(incident: Incident, cause: Cause) -> None:
    """Give it the title of what failed."""
    incident.title_code, incident.title_values = cause.title_code, dict(cause.values)
    incident.title = texts.in_english(cause.title_code, cause.values)[:TITLE_LENGTH]


def write(
    incident: Incident,
    kind: EventKind,
    verb: str,
    cause: Cause,
    now: datetime,
    values: Mapping[str, Any] | None = None,
) -> None:
    """One entry of the timeline, with the words of what failed."""
    said = {"code": cause.title_code, **cause.values, **(values or {})}
    write_down(incident, kind, verb=verb, by=BY, now=now, values=said, url=cause.url)


def tell_cause(incident: Incident, kind: str, cause: Cause, now: datetime) -> None:
    """How soon follows from how severe it is; those whom a policy calls are called instead, and the rest may wait.

    What goes on failing is told once a day and rung.
    """
    height = cause.failed.height if cause.failed else ""
    key = f"{kind}:{incident.pk}:{height}:{now:%Y-%m-%d}" if kind == "incident.failed_again" else None
    context = {
        "incident": incident,
        "what": texts.sentence_later(cause.title_code, cause.values),
        "reason": texts.reason_later(cause.values),
    }
    called = begin_escalation(incident, reason=CALLS[kind], now=now) if incident.state == State.TRIAGE else None
    told = [incident.owner, *cause.told]
    tell(
        kind=kind,
        about=incident,
        to=told,
        context=context,
        urgency=Urgency.NORMAL if called else urgency_of(incident),
        dedupe_key=key,
        matter=matter_of(incident),
        asks=True,
        but=called or (),
    )
