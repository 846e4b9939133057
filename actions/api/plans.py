"""/api/v1/improvement-plans/"""

from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from actions import selectors, services
from actions.api import bodies
from actions.api.shapes import PlanOut
from actions.models import ImprovementPlan
from actions.selectors import Progress
from actions.services.rows import day_of
from common.api import ReadViewSet, expected_version, operation
from common.errors import NotAllowed


class ImprovementPlans(ReadViewSet):
    """/api/v1/improvement-plans/"""

    queryset = ImprovementPlan.objects.none()
    serializer_class = PlanOut
    about = _("Actions in phases with dates. How far a plan is, is computed from its actions.")
    lists = _("Improvement plans, newest first.")
    shows = _("One improvement plan.")
    filterset_fields = ["owner"]
    search_fields = ["title", "goal"]

    def get_queryset(self) -> QuerySet[ImprovementPlan]:
        """What the caller may see."""
        return selectors.visible_plans(self.by).prefetch_related("phases")

    @cached_property
    def progress(self) -> dict[UUID, Progress]:
        """The progress of every phase, read once a request."""
        today: date = day_of(timezone.now())
        return selectors.progress_of_phases(today)

    @operation(_("Begin an improvement plan."), takes=bodies.PlanIn, gives={201: PlanOut})
    def create(self, request: Request) -> Response:
        self._check_may()
        return self.answer(services.add_plan(by=self.by, **self.checked(bodies.PlanIn, request)), status=201)

    @operation(
        _("Describe it anew. Phases are given whole: one that is left out is removed, unless it holds actions."),
        takes=bodies.PlanIn(partial=True),
        gives=PlanOut,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        plan = self.get_object()
        self._check_may()
        version = expected_version(request)
        details = self.checked(bodies.PlanIn, request, partial=True)
        return self.answer(services.change_plan(plan_id=plan.pk, by=self.by, version=version, **details))

    def _check_may(self) -> None:
        if not selectors.may_sign(self.by):
            raise NotAllowed
