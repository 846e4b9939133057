"""What comes out."""

from rest_framework import serializers

from common.api import NamedOut, Output
from incidents.models import Incident, IncidentRole, IncidentTask, TimelineEvent
from incidents.selectors import reads_timeline


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

    def get_title(self, incident: Incident) -> str:
        """As those who work on it call it; to others, as its reporter did."""
        return incident.shown_title if reads_timeline(self.context["view"].by) else incident.told_title

    class Meta:
        model = Incident
        fields = [
            "id", "reference", "title", "public_title", "description", "state", "severity", "impact", "urgency",
            "cause_key", "source", "services", "systems", "owner", "reporter", "reporter_name", "entered_by",
            "previous", "place", "error_code", "steps_tried", "is_restricted", "occurred_at", "reported_at",
            "acknowledged_at", "mitigated_at", "resolved_at", "closed_at", "cancelled_at", "reopen_count", "category",
            "hold_reason", "detected_at", "team", "is_major", "merged_into",
            "is_resolved_by_system", "resume_at", "expected_at", "created_at", "version",
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
