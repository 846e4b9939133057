"""/api/v1/incidents/"""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import UUIDFilter
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Filters, Input, MultipleChoiceFilter, ReadViewSet, expected_version, operation, seen_version
from common.errors import NotAllowed
from incidents import selectors, services
from incidents.api.bodies import AssignIn, ChangesIn, DoneIn, HoldIn, NewsIn, ReasonIn, ReportIn, SaidIn, SeverityIn
from incidents.api.shapes import EventOut, IncidentOut
from incidents.choices import SCALES_OF_SEVERITY, Source, State
from incidents.limits import check_rate
from incidents.models import Incident
from incidents.references import number_of


class IncidentFilter(Filters):
    """`state` and `severity` may be named several times."""

    state = MultipleChoiceFilter(choices=State.choices)
    severity = MultipleChoiceFilter(choices=[(each, str(each)) for each in SCALES_OF_SEVERITY])
    service = UUIDFilter(field_name="services", distinct=True)
    system = UUIDFilter(field_name="systems", distinct=True)

    class Meta:
        model = Incident
        fields = ["cause_key", "source", "state", "severity", "service", "system"]


class Incidents(ReadViewSet):
    """/api/v1/incidents/: rows by id or by reference; each move is a POST of its own."""

    queryset = Incident.objects.none()
    serializer_class = IncidentOut
    about = _("What went wrong, from the report to the review.")
    lists = _("Incidents.")
    shows = _("One incident.")
    row_by = _("Its id, or the reference that people say.")
    limited = ("create",)
    filterset_class = IncidentFilter
    search_fields = ["title", "public_title", "description", "error_code"]
    ordering_fields = ["created_at", "reported_at"]

    def get_queryset(self) -> QuerySet[Incident]:
        """What the caller may see."""
        seen = selectors.visible_to(self.by).select_related("owner", "reporter", "previous")
        return seen.prefetch_related("services", "systems")

    def get_object(self) -> Incident:
        """By id, or by the reference that people say."""
        if (number := number_of(self.kwargs["pk"])) is not None:
            known = self.get_queryset().filter(number=number).values_list("pk", flat=True).first()
            self.kwargs["pk"] = str(known or "")
        return super().get_object()

    @operation(_("Report a problem."), takes=ReportIn, gives={201: IncidentOut})
    def create(self, request: Request) -> Response:
        """Report a problem."""
        if not selectors.may_report(self.by):
            raise NotAllowed
        given = self.checked(ReportIn, request)
        check_rate(request, "report")
        return self.answer(services.report(by=self.by, source=Source.API, **given), status=201)

    @operation(_("Correct what is known about an incident."), takes=ChangesIn, gives=IncidentOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct what is known. Needs If-Match."""
        incident, version = self._acted_on(), expected_version(request)
        changes = self.checked(ChangesIn, request)
        affected = {name: changes.pop(name, None) for name in ("services", "systems")}
        return self.answer(
            services.describe(incident_id=incident.pk, by=self.by, version=version, changes=changes, **affected)
        )

    @operation(
        _("The timeline of an incident: its newest two hundred entries."),
        gives=EventOut(many=True),
        more=_("Reporters read its public part."),
    )
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def events(self, request: Request, pk: str) -> Response:
        """The newest two hundred; reporters read its public part."""
        incident = self.get_object()
        sees_all = selectors.reads_timeline(self.by)
        events = selectors.events_of(incident) if sees_all else selectors.public_events_of(incident, with_reporter=True)
        return Response(EventOut(events, many=True).data)

    @operation(_("Take an incident over."), gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Take it over."""
        return self._carry_out(services.acknowledge, request)

    @operation(_("Say that the worst is over."), gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def mitigate(self, request: Request, pk: str) -> Response:
        """The worst is over."""
        return self._carry_out(services.mitigate, request)

    @operation(_("Say that it works again."), takes=DoneIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        """It works again."""
        return self._carry_out(services.resolve, request, DoneIn)

    @operation(_("Say that it was not over."), takes=ReasonIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """It was not over."""
        return self._carry_out(services.reopen, request, ReasonIn)

    @operation(_("Say that it is not an incident."), takes=ReasonIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """It is not an incident."""
        return self._carry_out(services.cancel, request, ReasonIn)

    @operation(_("Wait for a person or a date."), takes=HoldIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: str) -> Response:
        """Wait for a person or a date."""
        return self._carry_out(services.hold, request, HoldIn)

    @operation(_("Go on with an incident that was on hold."), gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Go on with it."""
        return self._carry_out(services.resume, request)

    @operation(_("Say that nothing is left to do."), gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Nothing is left to do."""
        return self._carry_out(services.close, request)

    @operation(_("Put somebody in charge of an incident."), takes=AssignIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Put somebody in charge."""
        return self._carry_out(services.assign, request, AssignIn)

    @operation(
        _("Judge an incident anew."),
        takes=SeverityIn,
        gives=IncidentOut,
        more=_("Give either a severity, or impact and urgency together."),
    )
    @action(detail=True, methods=["post"])
    def severity(self, request: Request, pk: str) -> Response:
        """Judge it anew."""
        return self._carry_out(services.change_severity, request, SeverityIn)

    @operation(_("Tell those who reported an incident how it stands."), takes=NewsIn, gives=IncidentOut)
    @action(detail=True, methods=["post"], url_path="update")
    def update_reporters(self, request: Request, pk: str) -> Response:
        """Tell those who reported it how it stands."""
        return self._carry_out(services.update_reporters, request, NewsIn)

    @operation(_("Add to the timeline of an incident."), takes=SaidIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, pk: str) -> Response:
        """Add to the timeline."""
        given = self.checked(SaidIn, request)
        return self.answer(services.note(incident_id=self._acted_on().pk, by=self.by, **given))

    def _acted_on(self) -> Incident:
        """The incident. Raises NotAllowed for those who see it and do not work on it."""
        incident = self.get_object()
        if not selectors.can_act(self.by):
            raise NotAllowed
        return incident

    def _carry_out(self, service: Any, request: Request, body: type[Input] | None = None) -> Response:
        """One move. With If-Match only on the version that was seen."""
        incident = self._acted_on()
        version = seen_version(request)
        given = self.checked(body, request) if body else {}
        return self.answer(service(incident_id=incident.pk, by=self.by, version=version, **given))
