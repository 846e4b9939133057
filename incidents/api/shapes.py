"""What comes out."""

from typing import Any
from uuid import UUID

from django.db.models import Manager
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.api import NamedOut, Output
from incidents.clocks.choices import ClockKind, ClockState
from incidents.models import Incident, IncidentRole, IncidentTask, TimelineEvent
from incidents.selectors import Clocks, clocks_of, reads_timeline


class ClockInRow(serializers.Serializer[object]):
    """One clock: `due_at` is null while it is paused, `begins_at` tells when one will count that does not yet.

    No figure that grows while one looks: a row that did not change keeps its ETag.
    """

    example = {
        "kind": "acknowledge",
        "state": "running",
        "target_seconds": 14400,
        "due_at": "2026-03-04T16:00:00Z",
        "begins_at": None,
        "is_counting": True,
    }

    kind = serializers.ChoiceField(choices=ClockKind.choices)
    state = serializers.ChoiceField(choices=ClockState.choices)
    target_seconds = serializers.FloatField()
    due_at = serializers.DateTimeField(allow_null=True)
    begins_at = serializers.DateTimeField(allow_null=True)
    is_counting = serializers.BooleanField(source="is_ticking")


class WithClocks(serializers.ListSerializer[Incident]):
    """Rows whose clocks are read together: as many queries for two hundred as for one."""

    def to_representation(self, data: Any) -> list[Any]:
        """Each row with its own."""
        rows = list(data.all() if isinstance(data, Manager) else data)
        if isinstance(self.child, IncidentOut) and self.child.is_for_workers:
            self.child.read_clocks = clocks_of(rows, timezone.now())
        return super().to_representation(rows)


class IncidentOut(Output):
    """An incident. `title` is in the language of the request where Holdfast wrote it; reporters read their own."""

    example = {
        "reference": "INC-0042",
        "title": "Invoices are missing",
        "public_title": "Some invoices cannot be found",
        "description": "The archive shows nothing from last week.",
        "state": "active",
        "severity": 2,
        "impact": 2,
        "urgency": 2,
        "cause_key": "",
        "source": "api",
        "reporter_name": "",
        "place": "Accounting",
        "error_code": "404",
        "steps_tried": "Signed in anew.",
        "mitigated_at": None,
        "resolved_at": None,
        "resume_at": None,
        "closed_at": None,
        "cancelled_at": None,
        "reopen_count": 0,
        "category": "delay",
        "hold_reason": "",
        "is_major": False,
        "merged_into": None,
        "previous": None,
        "clocks": [ClockInRow.example],
    }

    reference = serializers.CharField()
    title = serializers.SerializerMethodField()
    services = NamedOut(many=True)
    systems = NamedOut(many=True)
    owner = NamedOut(allow_null=True)
    team = NamedOut(allow_null=True)
    merged_into = serializers.CharField(source="merged_into.reference", allow_null=True, default=None)
    reporter = NamedOut(allow_null=True)
    entered_by = NamedOut(allow_null=True)
    previous = serializers.CharField(source="previous.reference", allow_null=True, default=None)
    clocks = serializers.SerializerMethodField()

    #: Those that were read for a whole list.
    read_clocks: dict[UUID, Clocks] | None = None

    @property
    def is_for_workers(self) -> bool:
        """Whether who asks works on incidents, or audits them."""
        return reads_timeline(self.context["view"].by)

    def get_title(self, incident: Incident) -> str:
        """As those who work on it call it; to others, as its reporter did."""
        return incident.shown_title if self.is_for_workers else incident.told_title

    @extend_schema_field(ClockInRow(many=True))
    def get_clocks(self, incident: Incident) -> list[dict[str, Any]]:
        """By when what has to happen; nothing for those who only reported it."""
        if not self.is_for_workers:
            return []
        found = clocks_of([incident], timezone.now()) if self.read_clocks is None else self.read_clocks
        return list(ClockInRow(found[incident.pk].all, many=True).data)

    class Meta:
        model = Incident
        list_serializer_class = WithClocks
        fields = [
            "id", "reference", "title", "public_title", "description", "state", "severity", "impact", "urgency",
            "cause_key", "source", "services", "systems", "owner", "reporter", "reporter_name", "entered_by",
            "previous", "place", "error_code", "steps_tried", "is_restricted", "occurred_at", "reported_at",
            "acknowledged_at", "mitigated_at", "resolved_at", "closed_at", "cancelled_at", "reopen_count", "category",
            "hold_reason", "detected_at", "team", "is_major", "merged_into",
            "is_resolved_by_system", "resume_at", "expected_at", "clocks", "created_at", "version",
        ]  # fmt: skip


class EventOut(Output):
    """One entry of the timeline. `sentence` is what happened, `text` what a person wrote."""

    example = {
        "by_label": "Duty desk",
        "sentence": "Duty desk took it over.",
        "text": "",
        "url": "",
    }

    sentence = serializers.CharField()

    class Meta:
        model = TimelineEvent
        fields = ["id", "at", "kind", "by_label", "sentence", "text", "url", "is_public"]


class RoleOut(Output):
    """One person in one role of an incident; `until` is null for who has it now."""

    example = {"role": "commander"}

    person = NamedOut()

    class Meta:
        model = IncidentRole
        fields = ["role", "person", "since", "until"]


class TaskOut(Output):
    """One thing to do while an incident lasts. It is for a person, for whoever has a role, or for anybody."""

    example = {
        "incident": "INC-0042", "title": "Call the provider", "notes": "Contract 4711.", "state": "open", "role": "",
        "dropped_because": "", "came_from": None,
    }  # fmt: skip

    incident = serializers.CharField(source="incident.reference")
    came_from = serializers.CharField(source="came_from.reference", allow_null=True, default=None)
    assignee = NamedOut(allow_null=True)
    done_by = NamedOut(allow_null=True)

    class Meta:
        model = IncidentTask
        fields = [
            "id", "incident", "position", "title", "notes", "assignee", "role", "due_at", "state", "done_at", "done_by",
            "dropped_because", "came_from", "created_at", "version",
        ]  # fmt: skip
