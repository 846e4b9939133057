"""What belongs to a report: its files, and what its reporter may still say."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, NamedOut, Output, ReadViewSet, operation, seen_version
from common.errors import NotAllowed
from incidents import selectors, services
from incidents.api.acting import Acting
from incidents.api.bodies import ReasonIn
from incidents.api.shapes import IncidentOut
from incidents.choices import Stars
from incidents.limits import check_rate
from incidents.models import Attachment, Incident, Rating
from incidents.views.files import give


class AttachmentIn(Input):
    """One file, of at most 25 MB."""

    example = {"file": "… bytes …", "is_public": True}

    file = serializers.FileField(allow_empty_file=True, max_length=1000)
    is_public = serializers.BooleanField(required=False)


class AttachmentOut(Output):
    """One file of an incident. Its kind is told from its content; it is saved, never opened."""

    example = {
        "name": "screenshot.png",
        "content_type": "image/png",
        "size_bytes": 48213,
        "sha256": "9f2c6d1e8b7a4f305c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7",
        "by_label": "Duty desk",
        "is_from_reporter": True,
        "is_public": True,
        "evidence_item": "",
    }

    content_type = serializers.CharField(source="file.content_type")
    size_bytes = serializers.IntegerField(source="file.size_bytes")
    sha256 = serializers.CharField()

    class Meta:
        model = Attachment
        fields = [
            "id", "name", "content_type", "size_bytes", "sha256", "by_label", "at", "is_from_reporter", "is_public",
            "evidence_item",
        ]  # fmt: skip


class CorrectionIn(Input):
    """What the reporter says better. What is not named stays."""

    example = {
        "description": "The archive shows nothing from the last two weeks.",
        "place": "Accounting",
        "error_code": "404",
        "steps_tried": "Signed in anew.",
    }

    description = serializers.CharField(max_length=10_000, required=False)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    error_code = serializers.CharField(max_length=100, required=False, allow_blank=True)
    steps_tried = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    occurred_at = serializers.DateTimeField(required=False, allow_null=True)


class AnswerIn(Input):
    """What the reporter adds."""

    called = "IncidentAnswerIn"
    example = {"text": "It also happens on the second floor."}

    text = serializers.CharField(max_length=4000)


class RatingIn(Input):
    """How it was handled, from 1 (very poor) to 5 (very good)."""

    called = "IncidentRatingIn"
    example = {"stars": 4, "text": "Quick, and I knew how it stood."}

    stars = serializers.ChoiceField(choices=Stars.choices)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class RatingOut(Output):
    """What the reporter thinks of how it was handled."""

    called = "IncidentRatingOut"
    example = RatingIn.example

    by = NamedOut(allow_null=True)

    class Meta:
        model = Rating
        fields = ["stars", "text", "by", "created_at", "changed_at"]


class Intake(Acting):
    """Files of a report, its correction, its end by the reporter, and the rating."""

    @operation(
        _("The files of an incident, the oldest first: at most two hundred."),
        gives=AttachmentOut(many=True),
        more=_("Reporters get those that are shown to them."),
    )
    @action(
        detail=True,
        methods=["get"],
        pagination_class=None,
        filter_backends=[],
        parser_classes=[MultiPartParser],
        permission_classes=ReadViewSet.permission_classes,
    )
    def attachments(self, request: Request, pk: str) -> Response:
        """Its files."""
        return Response(AttachmentOut(self._files(self.get_object()), many=True).data)

    @operation(
        _("Add a file to an incident."),
        takes={"multipart/form-data": AttachmentIn},
        gives={201: AttachmentOut},
        more=_("Programs, scripts, web pages and what is not what its name says are refused with 415."),
    )
    @attachments.mapping.post
    def attach(self, request: Request, pk: str) -> Response:
        """One more."""
        incident = self.get_object()
        if not (selectors.can_act(self.by) or self._is_own(incident)):
            raise NotAllowed
        given = self.checked(AttachmentIn, request)
        check_rate(request, "file")
        upload = given["file"]
        sent: dict[str, Any] = {"incident_id": incident.pk, "stream": upload, "name": upload.name, "by": self.by}
        if selectors.can_act(self.by):
            added = services.attach(**sent, is_public=given.get("is_public", False))
        else:
            added = services.add_file(**sent)
        return Response(AttachmentOut(added).data, status=201)

    @operation(_("The bytes of one file of an incident."), gives={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="attachments/(?P<file_id>[0-9a-f-]{36})")
    def attachment(self, request: Request, pk: str, file_id: str) -> HttpResponseBase:
        """Its bytes, to be saved."""
        field = serializers.UUIDField()
        try:
            wanted = field.to_internal_value(file_id)
        except serializers.ValidationError:
            wanted = None
        return give(request, get_object_or_404(self._files(self.get_object()), pk=wanted))

    @operation(
        _("Correct what you reported."),
        takes=CorrectionIn,
        gives=IncidentOut,
        more=_("By its reporter, and whoever entered it for them, while somebody still works on it."),
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """Say it better."""
        incident, version = self._own(), seen_version(request)
        changes: dict[str, Any] = self.checked(CorrectionIn, request)
        return self.answer(services.correct(incident_id=incident.pk, by=self.by, changes=changes, version=version))

    @operation(
        _("Take back what you reported."),
        takes=ReasonIn,
        gives=IncidentOut,
        more=_("What nobody took over or joined is cancelled; else those who work on it are asked."),
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back."""
        incident, version = self._own(), seen_version(request)
        given = self.checked(ReasonIn, request)
        return self.answer(services.withdraw(incident_id=incident.pk, by=self.by, version=version, **given))

    @operation(
        _("Answer about what you reported."),
        takes=AnswerIn,
        gives=IncidentOut,
        more=_("Those who work on it hear of it, also where the report was merged into another one."),
    )
    @action(detail=True, methods=["post"], url_path="answer", url_name="answer")
    def answer_it(self, request: Request, pk: str) -> Response:
        """More about it."""
        incident = self.get_object()
        if not self._is_own(incident):
            raise NotAllowed
        given = self.checked(AnswerIn, request)
        check_rate(request, "reply")
        return self.answer(services.reply(incident_id=incident.pk, by=self.by, **given))

    @operation(
        _("Rate how what you reported was handled."),
        takes=RatingIn,
        gives=RatingOut,
        more=_("Once it works again; it may be changed for seven days."),
    )
    @action(detail=True, methods=["post"])
    def rate(self, request: Request, pk: str) -> Response:
        """From 1 to 5."""
        incident = self.get_object()
        if not self._is_own(incident):
            raise NotAllowed
        given = self.checked(RatingIn, request)
        return Response(RatingOut(services.rate(incident_id=incident.pk, by=self.by, **given)).data)

    def _files(self, incident: Incident) -> Any:
        return selectors.attachments_open_to(self.by, incident)

    def _is_own(self, incident: Incident) -> bool:
        return incident.reporter_id == self.by.pk and selectors.may_report(self.by)

    def _own(self) -> Incident:
        """The incident. Raises NotAllowed for those who see it and neither reported nor entered it."""
        incident = self.get_object()
        if not selectors.corrected_by(self.by).filter(pk=incident.pk).exists():
            raise NotAllowed
        return incident
