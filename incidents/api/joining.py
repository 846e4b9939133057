"""Is it this one? What staff may join instead of reporting it once more."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Service, System
from common.api import Input, operation
from common.errors import NotAllowed
from incidents import selectors, services
from incidents.api.acting import Acting
from incidents.limits import check_rate
from incidents.models import Incident
from incidents.references import number_of
from incidents.services.reporting import LENGTHS


class SeenIn(Input):
    """What somebody is about to report. Without any of it: the newest."""

    example: dict[str, Any] = {"description": "Where are last week’s invoices?", "error_code": "ARC-408"}

    description = serializers.CharField(max_length=LENGTHS["description"], required=False, allow_blank=True)
    error_code = serializers.CharField(max_length=LENGTHS["error_code"], required=False, allow_blank=True)
    service = serializers.PrimaryKeyRelatedField(queryset=Service.objects.all(), required=False, allow_null=True)
    system = serializers.PrimaryKeyRelatedField(queryset=System.objects.all(), required=False, allow_null=True)


class KnownOut(serializers.Serializer):
    """A known problem by its public title. `people`: how many have it, its reporter included."""

    called = "KnownProblemOut"
    example = {"reference": "INC-0042", "title": "Invoices cannot be found", "state": "active", "people": 3}

    reference = serializers.CharField()
    title = serializers.CharField(source="public_title")
    state = serializers.CharField()
    people = serializers.IntegerField(source="people_count")
    expected_at = serializers.DateTimeField(allow_null=True)


class JoinIn(Input):
    """What you saw, for those who work on it."""

    called = "JoinIn"
    example = {"text": "In hall 7 too, since noon."}

    text = serializers.CharField(max_length=LENGTHS["description"], required=False, allow_blank=True)


class Joining(Acting):
    """For everybody who may report."""

    @operation(
        _("Known problems like what you are about to report: at most three."),
        takes=SeenIn,
        gives=KnownOut(many=True),
        more=_("By words of their public title and pairs of characters of Chinese, by error code, service or system."),
    )
    @action(detail=False, methods=["post"], url_path="known-problems", pagination_class=None, filter_backends=[])
    def known_problems(self, request: Request) -> Response:
        """Look before you report. Nothing is changed."""
        if not selectors.may_report(self.by):
            raise NotAllowed
        given = self.checked(SeenIn, request)
        known = selectors.known_problems(
            self.by,
            text=given.get("description", ""),
            error_code=given.get("error_code", ""),
            service_id=_key(given.get("service")),
            system_id=_key(given.get("system")),
        )
        return Response(KnownOut(known, many=True).data)

    @operation(
        _("Join a known problem instead of reporting it: you hear as soon as there is news."),
        takes=JoinIn,
        gives=KnownOut,
        more=_("Joining twice is joining once."),
    )
    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str) -> Response:
        """Me too."""
        incident = get_object_or_404(selectors.joinable_by(self.by), **_named(pk))
        given = self.checked(JoinIn, request)
        check_rate(request, "join")
        joined = services.join(incident_id=incident.pk, by=self.by, text=given.get("text", ""))
        joined_by = joined.followers.count() + 1
        return Response(KnownOut(_counted(joined, joined_by)).data)


def _named(pk: str) -> dict[str, Any]:
    """By reference or id, as everywhere."""
    if (number := number_of(pk)) is not None:
        return {"number": number}
    try:
        return {"pk": UUID(pk)}
    except ValueError:
        return {"pk": None}


def _key(row: Service | System | None) -> str:
    return str(row.pk) if row else ""


def _counted(incident: Incident, people: int) -> Incident:
    incident.people_count = people  # type: ignore[attr-defined]  # as `known_problems` gives it
    return incident
