"""Tasks, as far as the reader may see them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.choices import TO_DO
from incidents.models import Incident, IncidentRole, IncidentTask
from incidents.selectors.seeing import actionable_by, reads_timeline, visible_to
from people.selectors import Anyone


def visible_tasks(user: Anyone) -> QuerySet[IncidentTask]:
    """Tasks of incidents that the user reads whole. Who only reported one reads none of its tasks."""
    if not reads_timeline(user):
        return IncidentTask.objects.none()
    return IncidentTask.objects.filter(incident__in=visible_to(user).values("pk"))


def tasks_to_act_on(user: Anyone) -> QuerySet[IncidentTask]:
    """Tasks of incidents that the user works on."""
    return IncidentTask.objects.filter(incident__in=actionable_by(user).values("pk"))


def tasks_of(incident: Incident) -> list[IncidentTask]:
    """Tasks of one incident, in their order."""
    found = list(incident.tasks.select_related("assignee", "done_by", "came_from"))
    for task in found:
        task.incident = incident
    return found


def tasks_for(user: Anyone, people: Iterable[UUID]) -> QuerySet[IncidentTask]:
    """Tasks that wait for these people: theirs, and those of a role that one of them holds."""
    roles = IncidentRole.objects.filter(
        incident=OuterRef("incident"), role=OuterRef("role"), person__in=people, until__isnull=True
    )
    mine = Q(assignee__in=people) | (~Q(role="") & Q(Exists(roles)))
    return tasks_to_act_on(user).filter(mine, state__in=TO_DO).select_related("incident", "assignee")
