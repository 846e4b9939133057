"""Who is being called."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Output, operation
from common.errors import NotAllowed
from incidents import services
from incidents.api.acting import Acting
from incidents.api.shapes import IncidentOut
from incidents.models import EscalationRun, EscalationStepTaken
from incidents.selectors import reads_timeline


class StepTakenOut(Output):
    """One step: due, or what became of it. `names` are the people as they were called."""

    example = {"position": 1, "round": 0, "state": "taken", "names": "Duty desk"}

    class Meta:
        model = EscalationStepTaken
        fields = ["position", "round", "state", "due_at", "taken_at", "names"]


class EscalationOut(Output):
    """One pass through a policy. `end` says why it ended; empty while people are being called."""

    example = {"policy_name": "Everything urgent", "reason": "opened", "is_held": False, "end": ""}

    steps = StepTakenOut(many=True)
    policy: serializers.Field = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)

    class Meta:
        model = EscalationRun
        fields = ["id", "policy", "policy_name", "reason", "is_held", "started_at", "ended_at", "end", "steps"]


class Calling(Acting):
    """Who was called, and calling on."""

    @operation(_("Who was called about an incident, and who comes next."), gives=EscalationOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def escalations(self, request: Request, pk: str) -> Response:
        """The newest twenty. Not for those who only reported it."""
        incident = self.get_object()
        if not reads_timeline(self.by):
            raise NotAllowed
        rows = incident.escalations.prefetch_related("steps").order_by("-started_at")[:20]
        return Response(EscalationOut(rows, many=True).data)

    @operation(
        _("Take the next step of the escalation at once."),
        gives=IncidentOut,
        more=_("Where nobody is being called, it begins with the first step, whatever the severity."),
    )
    @action(detail=True, methods=["post"])
    def escalate(self, request: Request, pk: str) -> Response:
        """Call the next ones now."""
        return self.carry_out(services.escalate_now, request)

    @operation(_("Say that somebody is on it after all: nobody else is called."), gives=IncidentOut)
    @action(detail=True, methods=["post"], url_path="still-on-it")
    def still_on_it(self, request: Request, pk: str) -> Response:
        """Somebody is on it."""
        return self.carry_out(services.still_on_it, request)
