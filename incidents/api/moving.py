"""From state to state."""

from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import operation, seen_version
from incidents import services
from incidents.api.acting import Acting
from incidents.api.bodies import CategoryIn, DoneIn, HoldIn, ReasonIn, TimeIn
from incidents.api.shapes import IncidentOut
from incidents.choices import Source


class Moving(Acting):
    """Each move is a POST of its own."""

    @operation(_("Take an incident over."), gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Take it over."""
        return self.carry_out(services.acknowledge, request)

    @operation(_("Say that the worst is over."), gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def mitigate(self, request: Request, pk: str) -> Response:
        """The worst is over."""
        return self.carry_out(services.mitigate, request)

    @operation(_("Say that it works again."), takes=DoneIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        """It works again."""
        return self.carry_out(services.resolve, request, DoneIn)

    @operation(_("Say that it was not over."), takes=ReasonIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """It was not over."""
        return self.carry_out(services.reopen, request, ReasonIn)

    @operation(_("Say that it is not an incident."), takes=ReasonIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """It is not an incident."""
        return self.carry_out(services.cancel, request, ReasonIn)

    @operation(_("Wait for a person or a date."), takes=HoldIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: str) -> Response:
        """Wait for a person or a date."""
        return self.carry_out(services.hold, request, HoldIn)

    @operation(_("Go on with an incident that was on hold."), gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Go on with it."""
        return self.carry_out(services.resume, request)

    @operation(
        _("Say that nothing is left to do."),
        takes=CategoryIn,
        gives=IncidentOut,
        more=_("After a review the category has to be known."),
    )
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Nothing is left to do."""
        return self.carry_out(services.close, request, CategoryIn)

    @operation(
        _("Open a new incident that is linked to one that is over."),
        takes=ReasonIn,
        gives={201: IncidentOut},
        more=_("For what happens again after it can no longer be opened again as itself."),
    )
    @action(detail=True, methods=["post"], url_path="open-again")
    def open_again(self, request: Request, pk: str) -> Response:
        """It happens again."""
        given = self.checked(ReasonIn, request)
        again = services.open_again_as_new(
            incident_id=self.acted_on().pk, by=self.by, source=Source.API, version=seen_version(request), **given
        )
        return self.answer(again, status=201)

    @operation(
        _("Correct when something really happened."),
        takes=TimeIn,
        gives=IncidentOut,
        more=_("Never into the future and never out of order; both times and the reason stay on the timeline."),
    )
    @action(detail=True, methods=["post"], url_path="correct-time")
    def correct_time(self, request: Request, pk: str) -> Response:
        """When something really happened."""
        return self.carry_out(services.correct_time, request, TimeIn)
