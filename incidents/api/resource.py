"""/api/v1/incidents/"""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import UUIDFilter
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import BooleanFilter, Filters, MultipleChoiceFilter, ReadViewSet, expected_version, operation
from common.errors import NotAllowed
from incidents import selectors, services
from incidents.api.bodies import ChangesIn, ReportIn, ReportWithFilesIn
from incidents.api.bulk import Bulk
from incidents.api.calling import Calling
from incidents.api.intake import Intake
from incidents.api.joining import Joining
from incidents.api.learning import Learning
from incidents.api.major import Leading
from incidents.api.moving import Moving
from incidents.api.promising import Promising
from incidents.api.shapes import EventOut, IncidentOut
from incidents.api.talking import Talking
from incidents.api.telling import Telling
from incidents.api.working import Working
from incidents.choices import SCALES_OF_SEVERITY, Source, State
from incidents.limits import check_rate
from incidents.models import Incident
from incidents.references import number_of

JSON, FORM = "application/json", "multipart/form-data"


class IncidentFilter(Filters):
    """`state` and `severity` may be named several times."""

    state = MultipleChoiceFilter(choices=State.choices)
    severity = MultipleChoiceFilter(choices=[(each, str(each)) for each in SCALES_OF_SEVERITY])
    service = UUIDFilter(field_name="services", distinct=True)
    system = UUIDFilter(field_name="systems", distinct=True)
    team = UUIDFilter(field_name="team")
    owner = UUIDFilter(field_name="owner")
    is_major = BooleanFilter()

    class Meta:
        model = Incident
        fields = [
            "cause_key",
            "source",
            "state",
            "severity",
            "service",
            "system",
            "category",
            "team",
            "owner",
            "is_major",
        ]


class Incidents(
    Bulk, Calling, Joining, Leading, Learning, Moving, Working, Talking, Telling, Promising, Intake, ReadViewSet
):
    """/api/v1/incidents/: rows by id or by reference; each move is a POST of its own."""

    serializer_class = IncidentOut
    about = _("What went wrong, from the report to the review.")
    lists = _("Incidents.")
    shows = _("One incident.")
    row_by = _("Its id, or the reference that people say.")
    limited = ("create", "attach", "answer_it")
    filterset_class = IncidentFilter
    search_fields = ["title", "public_title", "description", "error_code"]
    ordering_fields = ["created_at", "reported_at"]

    def get_queryset(self) -> QuerySet[Incident]:
        """What the caller may see."""
        seen = selectors.visible_to(self.by).select_related(
            "owner", "reporter", "entered_by", "previous", "team", "merged_into"
        )
        return seen.prefetch_related("services", "systems")

    def get_object(self) -> Incident:
        """By id, or by the reference that people say."""
        if (number := number_of(self.kwargs["pk"])) is not None:
            known = self.get_queryset().filter(number=number).values_list("pk", flat=True).first()
            self.kwargs["pk"] = str(known or "")
        return super().get_object()

    def get_parsers(self) -> list[BaseParser]:
        """A report may come as a form, with its files."""
        # The action is known only once the request is; a description of the API has an action and no request.
        asked = self.action_map.get(str(self.request.method).lower()) if self.request else self.action
        return [*super().get_parsers(), *([MultiPartParser()] if asked == "create" else [])]

    @operation(
        _("Report a problem, with its files where there are any."),
        takes={JSON: ReportIn, FORM: ReportWithFilesIn},
        gives={201: IncidentOut},
        more=_("Report and files are taken in together, or neither. Programs, scripts and disguises are refused."),
    )
    def create(self, request: Request) -> Response:
        """Report a problem."""
        if not selectors.may_report(self.by):
            raise NotAllowed
        is_form = request.content_type.startswith(FORM)
        given = {"source": Source.API, **self.checked(ReportWithFilesIn if is_form else ReportIn, request)}
        if not selectors.can_act(self.by) and {"source", "reporter_name", "reporter_email"} & set(request.data):
            raise NotAllowed
        check_rate(request, "report")
        return self.answer(self._report(request, given.pop("files", []), given), status=201)

    @transaction.atomic
    def _report(self, request: Request, uploads: list[UploadedFile], given: dict[str, Any]) -> Incident:
        files = []
        for upload in uploads:
            check_rate(request, "file")
            files.append(services.take_in(upload, upload.name or ""))
        return services.report(by=self.by, files=files, **given)

    @operation(_("Correct what is known about an incident."), takes=ChangesIn, gives=IncidentOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct what is known. Needs If-Match."""
        incident, version = self.acted_on(), expected_version(request)
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
