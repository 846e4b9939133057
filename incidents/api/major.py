"""What takes more than the usual, and two reports of one thing."""

from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import operation, seen_version
from incidents import selectors, services
from incidents.api.acting import Acting
from incidents.api.bodies import MajorIn, MergeIn, ReasonIn, RoleIn
from incidents.api.shapes import IncidentOut, RoleOut


class Leading(Acting):
    """Roles of major incidents; merging."""

    @operation(
        _("Declare a major incident."),
        takes=MajorIn,
        gives=IncidentOut,
        more=_("Everybody who works on incidents hears of it. Who commands is not the one in charge of resolving it."),
    )
    @action(detail=True, methods=["post"], url_path="declare-major")
    def declare_major(self, request: Request, pk: str) -> Response:
        """It takes more than the usual."""
        return self.carry_out(services.declare_major, request, MajorIn)

    @operation(_("Say that an incident is no longer major. All roles end."), takes=ReasonIn, gives=IncidentOut)
    @action(detail=True, methods=["post"], url_path="stand-down")
    def stand_down(self, request: Request, pk: str) -> Response:
        """The usual is enough again."""
        return self.carry_out(services.stand_down, request, ReasonIn)

    @operation(
        _("Hand over a role of a major incident."),
        takes=RoleIn,
        gives=IncidentOut,
        more=_("One person has each role; without one it is left empty. Handing over stands on the timeline."),
    )
    @action(detail=True, methods=["post"], url_path="hand-over-role")
    def hand_over_role(self, request: Request, pk: str) -> Response:
        """Somebody else has it from now on."""
        return self.carry_out(services.hand_over_role, request, RoleIn)

    @operation(_("Who had which role in an incident, and when."), gives=RoleOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def roles(self, request: Request, pk: str) -> Response:
        """The earliest first. Who only reported it sees none."""
        incident = self.get_object()
        roles = incident.roles.select_related("person") if selectors.reads_timeline(self.by) else incident.roles.none()
        return Response(RoleOut(roles, many=True).data)

    @operation(
        _("Merge an incident into another one, which is answered."),
        takes=MergeIn,
        gives=IncidentOut,
        more=_("Those who reported it are kept posted by the other, under their own title."),
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Two reports of one thing."""
        incident, given = self.acted_on(), self.checked(MergeIn, request)
        into = self.named(given.pop("into"))
        version = seen_version(request)
        return self.answer(services.merge(incident_id=incident.pk, into_id=into, by=self.by, version=version, **given))

    @operation(_("Take an incident out of the one that it was merged into."), takes=ReasonIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, pk: str) -> Response:
        """They are two things after all."""
        return self.carry_out(services.unmerge, request, ReasonIn)
