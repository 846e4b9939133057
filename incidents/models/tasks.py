"""What has to be done in an incident, piece by piece."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned, longest
from incidents.choices import NEXT_OF_TASK, TO_DO, RoleName, TaskState
from incidents.errors import CannotMoveTask
from incidents.models.incidents import Incident


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=label
    )


class IncidentTask(Row, Versioned):
    """One thing to do while an incident lasts. What outlives it is an action.

    It is for a person (`assignee`), or for whoever holds a role; for neither: for anybody who takes it.
    `came_from`: the incident that was merged and brought it along.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="tasks", verbose_name=_("incident"))
    position = models.PositiveIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=160)
    notes = models.TextField(_("notes"), max_length=4000, blank=True)
    assignee = _person(_("who does it"))
    role = models.CharField(_("role"), max_length=15, choices=RoleName, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.OPEN)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    done_by = _person(_("done by"))
    dropped_because = models.TextField(_("why it was dropped"), max_length=4000, blank=True, editable=False)
    came_from = models.ForeignKey(
        Incident, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("came from")
    )

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["position", "created_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="incident_task_by_age"),
            models.Index(fields=["assignee", "due_at"], name="incident_task_waiting", condition=Q(state__in=TO_DO)),
        ]
        constraints = [
            longest("incident_task_notes_have_an_end", "notes", 4000),
            longest("incident_task_dropped_reason_has_an_end", "dropped_because", 4000),
            models.CheckConstraint(name="incident_task_state_is_known", condition=Q(state__in=TaskState.values)),
            models.CheckConstraint(name="incident_task_role_is_known", condition=Q(role__in=["", *RoleName.values])),
            models.CheckConstraint(
                name="incident_task_is_for_a_person_or_a_role", condition=Q(assignee__isnull=True) | Q(role="")
            ),
            models.CheckConstraint(
                name="incident_task_done_has_a_time",
                condition=Q(state=TaskState.DONE, done_at__isnull=False)
                | (~Q(state=TaskState.DONE) & Q(done_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="incident_task_dropped_has_a_reason",
                condition=~Q(state=TaskState.DROPPED) | ~Q(dropped_because=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_to_do(self) -> bool:
        """Whether somebody still has to do it."""
        return self.state in TO_DO

    def get_absolute_url(self) -> str:
        return f"{self.incident.get_absolute_url()}#tasks"

    def check_can_become(self, wanted: TaskState) -> None:
        """Raises CannotMoveTask when it may not go there from where it stands."""
        if wanted not in NEXT_OF_TASK[TaskState(self.state)]:
            raise CannotMoveTask(now=TaskState(self.state).label, wanted=wanted.label)
