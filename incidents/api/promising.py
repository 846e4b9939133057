"""Clocks of one incident, and its deadline."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import Input, operation
from incidents import selectors, services
from incidents.api.acting import Acting
from incidents.api.shapes import ClockInRow, IncidentOut
from incidents.clocks.choices import Mode


class SegmentOut(serializers.Serializer[object]):
    """One piece of time: what it was, and how much of it counts."""

    example = {
        "mode": "counted",
        "counted_seconds": 5400,
        "state": "active",
        "reason": "",
        "holidays": ["National Day"],
    }

    mode = serializers.ChoiceField(choices=Mode.choices)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    counted_seconds = serializers.FloatField()
    state = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    holidays = serializers.ListField(child=serializers.CharField(), source="labels")


class ClockOut(ClockInRow):
    """One clock now. `counted_seconds` is the sum of its segments; `due_at` is null while it is paused."""

    example = {
        "kind": "resolve",
        "state": "running",
        "counted_seconds": 5400,
        "target_seconds": 14400,
        "is_counting": True,
        "begins_at": None,
        "calendar": "Office hours",
    }

    counted_seconds = serializers.FloatField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    is_deadline = serializers.BooleanField(source="is_absolute")
    calendar = serializers.CharField(source="target.hours.name", allow_blank=True)
    segments = SegmentOut(many=True)


class DeadlineIn(Input):
    """By when it has to be resolved. Without a moment it has no deadline any more."""

    example = {"due_at": "2026-12-31T12:00:00+01:00", "reason": "Month-end close"}

    due_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(max_length=300)


class Promising(Acting):
    """By when something has to happen."""

    @operation(
        _("The clocks of an incident, each with the segments that sum to its figure."),
        gives=ClockOut(many=True),
        more=_("For those who work on incidents or audit them."),
    )
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def clocks(self, request: Request, pk: str) -> Response:
        """Counted at this moment."""
        incident = self.get_object()
        if not selectors.reads_timeline(self.by):
            raise Http404
        found = selectors.clocks_of([incident], timezone.now())[incident.pk]
        return Response(ClockOut(found.all, many=True).data)

    @operation(_("Say by when an incident has to be resolved."), takes=DeadlineIn, gives=IncidentOut)
    @action(detail=True, methods=["post"])
    def deadline(self, request: Request, pk: str) -> Response:
        """A moment that never moves by itself; without one it has none any more."""
        return self.carry_out(services.keep_deadline, request, DeadlineIn)
