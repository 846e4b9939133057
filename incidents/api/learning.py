"""What there is to learn from one incident: similar ones, evidence, its review, and all of it to take along."""

from uuid import uuid4

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, operation
from incidents import selectors, services
from incidents.api.acting import Acting
from incidents.api.reviews import ReviewOut
from incidents.api.shapes import IncidentOut
from incidents.downloads import PDF, ZIP, exported
from incidents.models import Incident
from incidents.models.evidence import KEY_LENGTH, REASON_LENGTH


class SimilarOut(serializers.Serializer):
    """An earlier incident that is like this one. `lessons`: what it taught, once that was approved."""

    example = {
        "reference": "INC-0017",
        "title": "Invoices could not be found",
        "state": "closed",
        "category": "operator",
        "lessons": "Ask before you clean.",
        "likeness": 0.42,
    }

    reference = serializers.CharField(source="incident.reference")
    title = serializers.CharField(source="incident.shown_title")
    state = serializers.CharField(source="incident.state")
    category = serializers.CharField(source="incident.category")
    reported_at = serializers.DateTimeField(source="incident.reported_at")
    lessons = serializers.CharField(source="review.lessons", default="")
    likeness = serializers.FloatField()


class EvidenceFileOut(serializers.Serializer):
    """A file that answers one item, with its digest."""

    example = {
        "name": "archive.log",
        "sha256": "9f2c6d1e8b7a4f305c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7",
    }

    id = serializers.UUIDField()
    name = serializers.CharField()
    sha256 = serializers.CharField()


class EvidenceOut(serializers.Serializer):
    """One item of the checklist. `state` is collected, not_needed or missing."""

    example = {"item": "logs", "name": "Logs of the affected systems", "state": "collected", "reason": ""}

    item = serializers.CharField(source="item.key")
    name = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField(source="mark.reason", default="")
    files = EvidenceFileOut(many=True)


class NotNeededIn(Input):
    """Why one item is not needed."""

    example = {"item": "statement", "reason": "We saw it ourselves."}

    item = serializers.CharField(max_length=KEY_LENGTH)
    reason = serializers.CharField(max_length=REASON_LENGTH)


class Learning(Acting):
    """Reads for those who read the incident whole; reporters find nothing here."""

    @operation(
        _("Earlier incidents that are like this one: at most ten, the most like first."),
        gives=SimilarOut(many=True),
        more=_("By words, and pairs of characters of Chinese; rare words count most."),
    )
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def similar(self, request: Request, pk: str) -> Response:
        """Earlier ones that are like it."""
        return Response(SimilarOut(selectors.similar_to(self._read_whole(), self.by, most=10), many=True).data)

    @operation(_("The evidence checklist of an incident."), gives=EvidenceOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def evidence(self, request: Request, pk: str) -> Response:
        """What is there, missing, or not needed."""
        return Response(EvidenceOut(selectors.checklist_of(self._read_whole()), many=True).data)

    @operation(_("Say that one item of the evidence is not needed, and why."), takes=NotNeededIn, gives=IncidentOut)
    @action(detail=True, methods=["post"], url_path="evidence/not-needed")
    def evidence_not_needed(self, request: Request, pk: str) -> Response:
        """One item is not needed."""
        given = self.checked(NotNeededIn, request)
        incident = self.acted_on()
        services.evidence_not_needed(incident_id=incident.pk, key=given["item"], reason=given["reason"], by=self.by)
        return self.answer(self.get_object())

    @operation(_("Begin the review of an incident that is resolved; the one there is comes back."), gives=ReviewOut)
    @action(detail=True, methods=["post"], url_path="review")
    def begin_review(self, request: Request, pk: str) -> Response:
        """Begin its review."""
        review = services.begin_review(incident_id=self.acted_on().pk, by=self.by)
        return Response(ReviewOut(review, context=self.get_serializer_context()).data)

    @operation(
        _("An incident to take along as ZIP: check it with sha256sum -c SHA256SUMS."),
        gives={(200, "application/zip"): OpenApiTypes.BINARY},
        more=_("It is written down who took it."),
    )
    @action(detail=True, methods=["get"], url_path="export/zip", filter_backends=[])
    def export_zip(self, request: Request, pk: str) -> HttpResponseBase:
        """The archive."""
        return self._taken_along(ZIP)

    @operation(
        _("An incident to take along as PDF, in the language of the request."),
        gives={(200, "application/pdf"): OpenApiTypes.BINARY},
        more=_("It is written down who took it."),
    )
    @action(detail=True, methods=["get"], url_path="export/pdf", filter_backends=[])
    def export_pdf(self, request: Request, pk: str) -> HttpResponseBase:
        """The document."""
        return self._taken_along(PDF)

    def _taken_along(self, form: str) -> HttpResponseBase:
        """Made anew each time, for this reader and at this moment: no earlier one has its tag."""
        answer = exported(self._read_whole(), self.by, form)
        answer["ETag"] = f'"{uuid4().hex[:16]}"'
        return answer

    def _read_whole(self) -> Incident:
        """The incident, for those who read all of it."""
        incident: Incident = self.get_object()
        if not selectors.reads_timeline(self.by):
            raise NotFound
        return incident
