"""/api/v1/incident-tasks/"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import UUIDFilter
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Filters, Input, MultipleChoiceFilter, ReadViewSet, expected_version, operation, seen_version
from common.errors import NotAllowed
from incidents import selectors, services
from incidents.api.bodies import PlaceIn, ReasonIn, TaskChangesIn, TaskIn
from incidents.api.shapes import TaskOut
from incidents.choices import TaskState
from incidents.models import IncidentTask
from incidents.references import number_of


class TaskFilter(Filters):
    """`state` may be named several times."""

    state = MultipleChoiceFilter(choices=TaskState.choices)
    incident = UUIDFilter(field_name="incident")
    assignee = UUIDFilter(field_name="assignee")

    class Meta:
        model = IncidentTask
        fields = ["incident", "assignee", "state", "role"]


class IncidentTasks(ReadViewSet):
    """/api/v1/incident-tasks/: each move is a POST of its own."""

    queryset = IncidentTask.objects.none()
    serializer_class = TaskOut
    about = _("What has to be done in incidents, piece by piece. What outlives an incident is an action.")
    lists = _("Tasks of incidents.")
    shows = _("One task.")
    filterset_class = TaskFilter
    search_fields = ["title", "notes"]

    def get_queryset(self) -> QuerySet[IncidentTask]:
        """What the caller may see."""
        return selectors.visible_tasks(self.by).select_related("incident", "assignee", "done_by", "came_from")

    @operation(_("Add a task to an incident."), takes=TaskIn, gives={201: TaskOut})
    def create(self, request: Request) -> Response:
        """One more thing to do."""
        if not selectors.can_act(self.by):
            raise NotAllowed
        given = self.checked(TaskIn, request)
        incident_id = self._incident(given.pop("incident"))
        return self.answer(services.add_task(incident_id=incident_id, by=self.by, **given), status=201)

    @operation(_("Describe a task anew, or give it to somebody else."), takes=TaskChangesIn, gives=TaskOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Needs If-Match."""
        task, version = self._acted_on(), expected_version(request)
        changes = self.checked(TaskChangesIn, request)
        return self.answer(services.change_task(task_id=task.pk, by=self.by, version=version, **changes))

    @operation(_("Begin with a task; who begins does it from now on."), gives=TaskOut)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """It is the caller's."""
        return self._carry_out(services.take_task, request)

    @operation(_("Say that a task is done."), gives=TaskOut)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """It is done."""
        return self._carry_out(services.finish_task, request)

    @operation(_("Say that a task will not be done, and why."), takes=ReasonIn, gives=TaskOut)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """It will not be done."""
        return self._carry_out(services.drop_task, request, ReasonIn)

    @operation(_("Say that a task is to be done after all."), gives=TaskOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """It is to be done after all."""
        return self._carry_out(services.reopen_task, request)

    @operation(_("Put a task one place up or down."), takes=PlaceIn, gives=TaskOut)
    @action(detail=True, methods=["post"])
    def place(self, request: Request, pk: str) -> Response:
        """One place up or down."""
        return self._carry_out(services.place_task, request, PlaceIn)

    def _acted_on(self) -> IncidentTask:
        task: IncidentTask = self.get_object()
        if not selectors.can_act(self.by):
            raise NotAllowed
        return task

    def _carry_out(self, service: Any, request: Request, body: type[Input] | None = None) -> Response:
        task, version = self._acted_on(), seen_version(request)
        given = self.checked(body, request) if body else {}
        return self.answer(service(task_id=task.pk, by=self.by, version=version, **given))

    def _incident(self, named: str) -> UUID:
        """By id or reference, among those that the caller works on. Raises ValidationError."""
        number, incidents = number_of(named), selectors.actionable_by(self.by)
        try:
            found = incidents.filter(pk=UUID(named)) if number is None else incidents.filter(number=number)
        except ValueError:
            found = incidents.none()
        pk: UUID | None = found.values_list("pk", flat=True).first()
        if pk is None:
            raise ValidationError({"incident": [_("There is no such incident.")]})
        return pk
