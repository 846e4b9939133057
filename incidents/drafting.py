"""The first words of a review, made of what the timeline holds. Pure: the same events give the same draft."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.spans import duration
from common.templatetags.holdfast import moment
from incidents.choices import EventKind, State
from incidents.models import Incident, TimelineEvent
from incidents.reviews import TEXTS, TITLE_LENGTH

#: What belongs into the story of an incident. All else stays on the timeline.
TOLD = (
    EventKind.REPORTED, EventKind.OPENED, EventKind.ACKNOWLEDGED, EventKind.MOVED, EventKind.NOTE, EventKind.SEVERITY,
    EventKind.FAILED_AGAIN, EventKind.PROVEN_AGAIN, EventKind.MAJOR, EventKind.ROLE, EventKind.ESCALATED,
    EventKind.UPDATE, EventKind.ASSIGNED,
)  # fmt: skip
UPDATES = (EventKind.UPDATE, EventKind.STAKEHOLDERS, EventKind.PUBLISHED)
#: What comes after the incident is no part of its story.
AFTER = (State.IN_REVIEW, State.CLOSED)
#: Of a long note the story holds the beginning.
SAID_LENGTH = 400


@dataclass(frozen=True)
class Measured:
    """How long it took until something was reached. length: None when one of the two times is unknown."""

    name: str
    label: str | Promise
    length: timedelta | None


@dataclass(frozen=True)
class Facts:
    """What can be read off the incident and its timeline. people: names, in the order in which they came in."""

    times: list[Measured]
    people: list[str]
    updates: int
    story: list[TimelineEvent]


def times_of(incident: Incident) -> list[Measured]:
    """To detect, acknowledge, mitigate and resolve. Times that are out of order measure nothing."""
    noticed = incident.detected_at or incident.reported_at
    return [
        Measured("detect", gettext_lazy("Until it was noticed"), _between(incident.occurred_at, noticed)),
        Measured(
            "acknowledge",
            gettext_lazy("Until somebody took it over"),
            _between(incident.reported_at, incident.acknowledged_at),
        ),
        Measured(
            "mitigate", gettext_lazy("Until the worst was over"), _between(incident.reported_at, incident.mitigated_at)
        ),
        Measured(
            "resolve", gettext_lazy("Until it worked again"), _between(incident.reported_at, incident.resolved_at)
        ),
    ]


def facts_of(incident: Incident, events: Iterable[TimelineEvent]) -> Facts:
    """The facts. events: of this incident, in any order."""
    ordered = sorted(events, key=lambda event: (event.at, event.created_at))
    return Facts(
        times=times_of(incident),
        people=list(dict.fromkeys(event.by_label for event in ordered if event.by_label)),
        updates=sum(event.kind in UPDATES for event in ordered),
        story=[event for event in ordered if event.kind in TOLD and event.values.get("to") not in AFTER],
    )


def drafted(incident: Incident, facts: Facts, affected: Sequence[str], joined: int) -> dict[str, str]:
    """The texts of a new review in the active language: {column: text}. What nobody can know stays empty.

    affected: names of services and systems.  joined: how many more people said that they have it too.
    """
    notes = [event for event in facts.story if event.kind == EventKind.NOTE and event.text]
    ends = [
        event.text
        for event in facts.story
        if event.kind == EventKind.MOVED and event.values.get("to") == State.RESOLVED and event.text
    ]
    texts = {
        "title": incident.shown_title[:TITLE_LENGTH],
        "summary": "\n\n".join(filter(None, [incident.shown_title, incident.description, _lengths(facts)])),
        "impact": _impact(affected, joined),
        "first_check": notes[0].text if notes else incident.steps_tried,
        "handling": "\n".join(_line(event) for event in facts.story),
        "result": ends[-1] if ends else "",
    }
    return {name: _fitting(text, TEXTS.get(name, TITLE_LENGTH)) for name, text in texts.items()}


def _between(since: datetime | None, until: datetime | None) -> timedelta | None:
    return until - since if since and until and until >= since else None


def _lengths(facts: Facts) -> str:
    said = [
        _("%(what)s: %(length)s") % {"what": each.label, "length": duration(each.length)}
        for each in facts.times
        if each.length is not None
    ]
    return "\n".join(said).replace("\N{NO-BREAK SPACE}", " ")


def _impact(affected: Sequence[str], joined: int) -> str:
    said = [_("Affected: %(names)s.") % {"names": ", ".join(affected)}] if affected else []
    if joined:
        more = ngettext("%(count)s more person had it too.", "%(count)s more people had it too.", joined)
        said.append(more % {"count": joined})
    return " ".join(said)


def _line(event: TimelineEvent) -> str:
    by = event.by_label if event.by_label and event.by_label != event.values.get("name") else ""
    said = " ".join(event.text.split())
    said = f"{said[:SAID_LENGTH]}…" if len(said) > SAID_LENGTH else said
    head = f"{moment(timezone.localtime(event.at))}  {event.sentence}" + (f" ({by})" if by else "")
    return f"{head}: {said}" if said else head


def _fitting(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
