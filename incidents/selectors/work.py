"""What waits for a person in incidents."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.work import MOST, Urgency, Words, WorkItem
from incidents.choices import State
from incidents.models import Incident, IncidentTask
from incidents.selectors.seeing import actionable_by
from incidents.selectors.tasks import tasks_for
from people.selectors import Anyone, working_for

#: What the person in charge does next in each state, and the move that one button makes; none where words are needed.
OWN: Mapping[str, tuple[Words, str, Words]] = {
    State.ACTIVE: (_("Work on the incident"), "", ""),
    State.ON_HOLD: (_("Go on with the incident"), "resume", _("Go on")),
    State.MITIGATED: (_("Resolve what is only mitigated"), "", ""),
    State.RESOLVED: (_("Close what is resolved"), "close", _("Close")),
}
NEW: tuple[Words, str, Words] = (_("Take over what was reported"), "acknowledge", _("Acknowledge"))


def work_of(user: Anyone, now: datetime) -> list[WorkItem]:
    """What nobody has taken over yet, for all who work on incidents, and what the user is in charge of."""
    people = working_for(user, now)
    untaken = Q(state=State.TRIAGE)
    mine = Q(state__in=OWN, owner__in=people)
    incidents = actionable_by(user).filter(untaken | mine).order_by("severity", "reported_at")[:MOST]
    tasks = tasks_for(user, list(people)).order_by("due_at", "created_at")[:MOST]
    return [*(_item(incident, people) for incident in incidents), *(_task(task, people) for task in tasks)]


def _item(incident: Incident, people: Mapping[UUID, str]) -> WorkItem:
    title, move, action = OWN.get(incident.state, NEW)
    owner = incident.owner_id if incident.state in OWN else None
    return WorkItem(
        kind=f"incidents.{move or incident.state}",
        title=title,
        about=f"{incident.reference} {incident.shown_title}",
        url=incident.get_absolute_url(),
        since=incident.reported_at,
        due_at=_due(incident),
        state_word=incident.get_state_display(),
        urgency=_urgency(incident),
        action=action,
        action_url=reverse("incident_act", args=[incident.reference, move]) if move else "",
        fields=(("version", str(incident.version)),) if move else (),
        acting_for=people.get(owner, "") if owner else "",
    )


def _task(task: IncidentTask, people: Mapping[UUID, str]) -> WorkItem:
    incident = task.incident
    return WorkItem(
        kind="incidents.task",
        title=_("Finish a task of the incident"),
        about=f"{incident.reference} {task.title}",
        url=task.get_absolute_url(),
        since=task.created_at,
        due_at=task.due_at,
        state_word=task.get_state_display(),
        urgency=Urgency.NOW if incident.is_urgent else Urgency.SOON,
        action=_("Done"),
        action_url=reverse("incident_task", args=[incident.reference, task.pk, "finish"]),
        fields=(("version", str(task.version)),),
        acting_for=people.get(task.assignee_id, "") if task.assignee_id else "",
    )


def _due(incident: Incident) -> datetime | None:
    if incident.state == State.ON_HOLD:
        return incident.resume_at
    return incident.expected_at if incident.state in {State.ACTIVE, State.MITIGATED} else None


def _urgency(incident: Incident) -> Urgency:
    if incident.state == State.RESOLVED:
        return Urgency.NORMAL
    return Urgency.NOW if incident.is_urgent and incident.state != State.ON_HOLD else Urgency.SOON
