"""Working on an incident, whatever its state."""

from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import operation
from incidents import services
from incidents.api.acting import Acting
from incidents.api.bodies import AssignIn, SaidIn, SeverityIn
from incidents.api.shapes import IncidentOut


class Working(Acting):
    """Who is in charge, how bad it is, what was seen and done."""

    @operation(_("Put somebody in charge of an incident."), takes=AssignIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Put somebody in charge."""
        return self.carry_out(services.assign, request, AssignIn)

    @operation(
        _("Judge an incident anew."),
        takes=SeverityIn,
        gives=IncidentOut,
        more=_("Give either a severity, or impact and urgency together."),
    )
    @action(detail=True, methods=["post"])
    def severity(self, request: Request, pk: str) -> Response:
        """Judge it anew."""
        return self.carry_out(services.change_severity, request, SeverityIn)

    @operation(_("Add to the timeline of an incident."), takes=SaidIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, pk: str) -> Response:
        """Add to the timeline."""
        given = self.checked(SaidIn, request)
        return self.answer(services.note(incident_id=self.acted_on().pk, by=self.by, **given))
