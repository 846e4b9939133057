"""What comes out."""

from rest_framework import serializers

from common.api import NamedOut, Output
from incidents.models import Incident, TimelineEvent


class IncidentOut(Output):
    """An incident. `title` is in the language of the request where Holdfast wrote it."""

    reference = serializers.CharField()
    title = serializers.CharField(source="shown_title")
    services = NamedOut(many=True)
    systems = NamedOut(many=True)
    owner = NamedOut(allow_null=True)
    reporter = NamedOut(allow_null=True)
    previous = serializers.CharField(source="previous.reference", allow_null=True, default=None)

    class Meta:
        model = Incident
        fields = [
            "id", "reference", "title", "public_title", "description", "state", "severity", "impact", "urgency",
            "cause_key", "source", "services", "systems", "owner", "reporter", "previous", "place", "error_code",
            "steps_tried", "is_restricted", "occurred_at", "reported_at", "acknowledged_at", "mitigated_at",
            "resolved_at", "is_resolved_by_system", "resume_at", "expected_at", "created_at", "version",
        ]  # fmt: skip


class EventOut(Output):
    """One entry of the timeline. `sentence` is what happened, `text` what a person wrote."""

    sentence = serializers.CharField()

    class Meta:
        model = TimelineEvent
        fields = ["id", "at", "kind", "by_label", "sentence", "text", "url", "is_public"]
