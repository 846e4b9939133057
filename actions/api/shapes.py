"""What actions and improvement plans look like from outside."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from actions.choices import ProofKind, SourceKind
from actions.models import Action, ImprovementPlan, Phase
from actions.selectors import Progress, hide_sources
from common.api import Output


class SourceOut(serializers.Serializer):
    """Where an action came from."""

    called = "ActionSourceOut"

    example = {
        "kind": "incident",
        "reference": "INC-0042",
        "title": "Invoices are missing",
        "url": "/incidents/INC-0042/",
    }

    kind = serializers.ChoiceField(source="source_kind", choices=SourceKind.choices)
    reference = serializers.CharField(source="source_reference")
    title = serializers.CharField(source="source_label")
    url = serializers.CharField(source="source_url")


class AboutOut(serializers.Serializer):
    """What it is about."""

    example = {"key": "catalog.system:3c1d5a52-6f6e-4f0c-9d5b-0b5f6b1c9a10", "name": "Archive", "url": "/catalog/"}

    key = serializers.CharField(source="about")
    name = serializers.CharField(source="about_label")
    url = serializers.CharField(source="about_url")


class ProofOut(serializers.Serializer):
    """What showed that it was done."""

    example = {"kind": "restore_test", "reference": "RT-0107", "url": "/backups/runs/RT-0107/", "note": ""}

    kind = serializers.ChoiceField(source="proof_kind", choices=ProofKind.choices)
    reference = serializers.CharField(source="proof_reference")
    url = serializers.CharField(source="proof_url")
    at = serializers.DateTimeField(source="proof_at")
    note = serializers.CharField(source="proof_note")


class ActionOut(Output):
    """Something that somebody has to do by a day. `done` is not `verified`: the proof is still missing."""

    example = {"reference": "A-0007", "title": "Test the restore of the archive again", "description": "", "reason": ""}

    reference = serializers.CharField()
    came_from = serializers.SerializerMethodField()
    about = serializers.SerializerMethodField()
    proof = serializers.SerializerMethodField()

    class Meta:
        model = Action
        fields = [
            "id", "reference", "title", "description", "kind", "state", "owner", "due_on", "postponed_count", "phase",
            "came_from", "about", "proof", "opened_by", "done_at", "done_by", "verified_at", "verified_by",
            "accepted_by", "accepted_until", "reason", "is_restricted", "created_at", "version",
        ]  # fmt: skip

    @extend_schema_field(SourceOut(allow_null=True))
    def get_came_from(self, action: Action) -> dict[str, Any] | None:
        """Null: somebody's own idea. Who may not see what it came from reads only of what kind that is."""
        if not action.source_kind:
            return None
        if action.is_source_hidden is None:
            hide_sources([action], self.context["view"].by)
        source = dict(SourceOut(action).data)
        return {"kind": source["kind"], "reference": "", "title": "", "url": ""} if action.is_source_hidden else source

    @extend_schema_field(AboutOut(allow_null=True))
    def get_about(self, action: Action) -> dict[str, Any] | None:
        """Null: nothing in particular."""
        return dict(AboutOut(action).data) if action.about else None

    @extend_schema_field(ProofOut(allow_null=True))
    def get_proof(self, action: Action) -> dict[str, Any] | None:
        """Null: not verified."""
        return dict(ProofOut(action).data) if action.proof_kind else None


class ProgressOut(serializers.Serializer):
    """What became of its actions; cancelled ones are not counted."""

    total = serializers.IntegerField()
    verified = serializers.IntegerField()
    accepted = serializers.IntegerField()
    done = serializers.IntegerField()
    overdue = serializers.IntegerField()
    percent = serializers.IntegerField(source="share")


class PhaseOut(Output):
    """One stretch of time of a plan."""

    example = {"title": "First month"}

    class Meta:
        model = Phase
        fields = ["id", "position", "title", "starts_on", "ends_on"]


class PlanOut(Output):
    """Several actions towards one goal. Its progress is computed from them."""

    called = "ImprovementPlanOut"

    example = {"reference": "IP-0002", "title": "No invoice is lost again", "goal": ""}

    reference = serializers.CharField()
    phases = PhaseOut(many=True)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = ImprovementPlan
        fields = ["id", "reference", "title", "goal", "owner", "phases", "progress", "created_at", "version"]

    @extend_schema_field(ProgressOut)
    def get_progress(self, plan: ImprovementPlan) -> dict[str, Any]:
        """Computed when asked, never stored."""
        by_phase = self.context["view"].progress
        total = sum((by_phase.get(phase.pk, Progress()) for phase in plan.phases.all()), Progress())
        return dict(ProgressOut(total).data)
