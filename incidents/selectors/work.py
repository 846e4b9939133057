"""What waits for a person in incidents."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.work import MOST, Urgency, Words, WorkItem
from incidents.choices import LIVE, RoleName, State
from incidents.models import Incident, IncidentRole, IncidentTask, Review
from incidents.reviews import WRITABLE, ReviewState
from incidents.selectors.reviews import may_approve, may_approve_reviews, visible_reviews
from incidents.selectors.seeing import actionable_by
from incidents.selectors.tasks import tasks_for
from incidents.selectors.telling import telling_work
from people.selectors import Anyone, working_for

#: What the person in charge does next in each state, and the move that one button makes; none where words are needed.
OWN: Mapping[str, tuple[Words, str, Words]] = {
    State.ACTIVE: (_("Work on the incident"), "", ""),
    State.ON_HOLD: (_("Go on with the incident"), "resume", _("Go on")),
    State.MITIGATED: (_("Resolve what is only mitigated"), "", ""),
    State.RESOLVED: (_("Close what is resolved"), "close", _("Close")),
}
NEW: tuple[Words, str, Words] = (_("Take over what was reported"), "acknowledge", _("Acknowledge"))

#: What a role in a major incident asks of whoever has it.
ROLES: Mapping[str, Words] = {
    RoleName.COMMANDER: _("Command the major incident"),
    RoleName.DEPUTY: _("Stand ready to command the major incident"),
    RoleName.COMMUNICATIONS: _("Keep people informed of the major incident"),
    RoleName.SCRIBE: _("Write down what happens in the major incident"),
}


def work_of(user: Anyone, now: datetime) -> list[WorkItem]:
    """What nobody has taken over yet, for all who work on incidents, and where the user is in charge or has a role."""
    people = working_for(user, now)
    untaken = Q(state=State.TRIAGE)
    mine = Q(state__in=OWN, owner__in=people)
    reviews = [_to_review(review, people) for review in _reviews(user, people)]
    incidents = actionable_by(user).filter(untaken | mine).order_by("severity", "reported_at")[:MOST]
    tasks = tasks_for(user, list(people)).order_by("due_at", "created_at")[:MOST]
    found = [_item(incident, people) for incident in incidents]
    roles = [_role(role, people) for role in _roles(user, people)]
    return [*telling_work(user), *roles, *found, *(_task(task, people) for task in tasks), *reviews]


def _roles(user: Anyone, people: Mapping[UUID, str]) -> QuerySet[IncidentRole]:
    """Roles that they have in what is still worked on."""
    worked_on = actionable_by(user).filter(state__in=LIVE, is_major=True)
    held = IncidentRole.objects.filter(person__in=people, until__isnull=True, incident__in=worked_on.values("pk"))
    return held.select_related("incident").order_by("incident__severity", "since")[:MOST]


def _reviews(user: Anyone, people: Mapping[UUID, str]) -> list[Review]:
    """What the user may approve, and what the user began and has to finish."""
    rows = visible_reviews(user).exclude(state=ReviewState.APPROVED)
    wanted = Q(author__in=people, state__in=WRITABLE)
    if may_approve_reviews(user):
        wanted |= Q(state=ReviewState.IN_REVIEW)
    found = rows.filter(wanted).order_by("submitted_at", "created_at")[:MOST]
    return [review for review in found if review.is_writable or may_approve(user, review)]


def _to_review(review: Review, people: Mapping[UUID, str]) -> WorkItem:
    return WorkItem(
        kind=f"incidents.review.{review.state}",
        title=_("Finish the review") if review.is_writable else _("Approve the review"),
        about=f"{review.incident.reference} {review.title}",
        url=review.get_absolute_url(),
        since=review.submitted_at or review.created_at,
        state_word=review.get_state_display(),
        acting_for=people.get(review.author_id, "") if review.is_writable and review.author_id else "",
    )


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


def _role(role: IncidentRole, people: Mapping[UUID, str]) -> WorkItem:
    incident = role.incident
    return WorkItem(
        kind=f"incidents.role.{role.role}",
        title=ROLES[role.role],
        about=f"{incident.reference} {incident.shown_title}",
        url=incident.get_absolute_url(),
        since=role.since,
        due_at=_due(incident),
        state_word=incident.get_state_display(),
        urgency=_urgency(incident),
        acting_for=people.get(role.person_id, ""),
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
