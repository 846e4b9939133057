"""States, severities and events as pages show them."""

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import marks, own_names
from incidents import looks, texts
from incidents.choices import EventKind, State, TaskState
from incidents.models import Incident, IncidentTask, Review, TimelineEvent
from incidents.reviews import LOOKS, ReviewState
from incidents.selectors import Point

register = template.Library()


@dataclass(frozen=True)
class Stop:
    """One place on the track of an incident: past, present or still to come."""

    label: str
    shape: str
    at: datetime | None
    is_past: bool
    is_now: bool


@register.simple_tag
def state_tag(incident: Incident, wash: str = "") -> str:
    """Where it stands."""
    state = State(incident.state)
    return marks.tag(*looks.OF_STATE[state], state.label, wash)


@register.simple_tag
def severity_tag(incident: Incident) -> str:
    """How bad it is."""
    family, shape, wash = looks.OF_SEVERITY[incident.severity]
    return marks.tag(family, shape, _("Severity %(severity)s") % {"severity": incident.severity}, wash)


@register.simple_tag
def evidence_tag(point: Point) -> str:
    """Whether one item of the evidence is there."""
    looks_of_point = {
        "collected": ("ok", "s-proven", _("There")),
        "not_needed": ("mute", "s-skipped", _("Not needed")),
        "missing": ("warn", "s-open", _("Missing")),
    }
    return marks.tag(*looks_of_point[point.state])


@register.simple_tag
def review_tag(review: Review) -> str:
    """Where a review stands."""
    state = ReviewState(review.state)
    return marks.tag(*LOOKS[state], state.label)


@register.simple_tag
def affected(incident: Incident) -> SafeString:
    """The services that it touches, else the systems, else that nobody knows."""
    names = [own_names.shown(each.name) for each in incident.services.all() or incident.systems.all()]
    return format_html("{}", ", ".join(names)) if names else format_html('<span class="quiet">{}</span>', _("unknown"))


@register.simple_tag
def track_of(incident: Incident) -> list[Stop]:
    """The states in order, the present one marked. Empty for one that left the track."""
    state = State.ACTIVE if incident.state == State.ON_HOLD else State(incident.state)
    if state == State.IN_REVIEW:
        state = State.RESOLVED
    if state not in looks.TRACK:
        return []
    place = looks.TRACK.index(state)
    times = {
        State.TRIAGE: incident.reported_at,
        State.ACTIVE: incident.acknowledged_at,
        State.MITIGATED: incident.mitigated_at,
        State.RESOLVED: incident.resolved_at,
    }
    shown = State(incident.state)

    def _was(state: State, number: int) -> bool:
        """Whether it really was in that state: what was resolved at once was never mitigated."""
        return number < place and times.get(state) is not None

    return [
        Stop(
            label=str(shown.label if number == place else each.label),
            shape=looks.OF_STATE[shown][1] if number == place else "i-check" if _was(each, number) else "",
            at=times.get(each) if number <= place else None,
            is_past=_was(each, number),
            is_now=number == place,
        )
        for number, each in enumerate(looks.TRACK)
    ]


@register.simple_tag
def look_of(event: TimelineEvent) -> dict[str, str]:
    """The colour and the drawing of an event."""
    family, shape = looks.OF_EVENT[EventKind(event.kind)]
    if event.kind == EventKind.MOVED:
        family, shape = looks.OF_STATE[State(event.values["to"])]
    return {"family": family, "shape": shape}


@register.simple_tag
def task_look(task: IncidentTask) -> dict[str, str]:
    """The colour and the drawing of a task."""
    family, shape = looks.OF_TASK[TaskState(task.state)]
    return {"family": family, "shape": shape}


@register.filter
def done_count(tasks: list[IncidentTask]) -> int:
    """How many of them are not to do any more."""
    return sum(not task.is_to_do for task in tasks)


@register.filter
def shortly(at: datetime) -> str:
    """The time of a thing of today, the day of an older one."""
    here = timezone.localtime(at)
    if here.date() == timezone.localdate():
        return formats.date_format(here, "H:i")
    return formats.date_format(here, pgettext("short date format", "j M"))


@register.filter
def reason(event: TimelineEvent) -> str:
    """Why a run ended as it did, where the event is about one."""
    return texts.reason(event.values)


@register.filter
def standing(incident: Incident) -> str:
    """Where it stands, in words for the person who reported it."""
    name = incident.owner or _("Somebody")
    words = {
        State.TRIAGE: _("We have it. Nobody has begun to work on it yet."),
        State.ACTIVE: _("%(name)s is working on it."),
        State.ON_HOLD: _("The work waits for something. It goes on by itself."),
        State.MITIGATED: _("The worst is over. The work goes on."),
        State.RESOLVED: _("It should work again."),
        State.IN_REVIEW: _("It should work again. We are looking at what there is to learn."),
        State.CLOSED: _("It is over."),
        State.CANCELLED: _("It was closed without a change."),
        State.MERGED: _("It is worked on together with another report."),
    }
    return words[State(incident.state)] % {"name": name}
