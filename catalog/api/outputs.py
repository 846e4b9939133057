"""What services, systems and measurements look like from outside. Lengths of time are seconds."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import Dependency, Impact, RecoveryMeasurement, Service, Site, System
from catalog.proof import Verdict
from catalog.selectors import Affected
from common.api import NamedOut, Output, Seconds


class VerdictOut(serializers.Serializer):
    """Whether a target is proven, why, and by which measurement. Computed when asked, never stored."""

    example = {
        "proof": "proven",
        "reason": "proven",
        "detail": "Proven by restore test RT-0042.",
        "changed": [],
        "target_recovery_seconds": 14400,
        "target_data_loss_seconds": 86400,
        "recovery_seconds": 187.4,
        "data_loss_seconds": 900,
        "reference": "RT-0042",
        "url": "/backups/runs/RT-0042/",
    }

    proof = serializers.ChoiceField(choices=["proven", "stale", "unproven"])
    reason = serializers.CharField(source="reason.value")
    detail = serializers.CharField(help_text="The reason in a sentence, in the caller's language.")
    decided_by = serializers.UUIDField(
        source="subject.pk", help_text="The service or system whose proof this is; the worst of those required."
    )
    changed = serializers.ListField(child=serializers.CharField())
    target_recovery_seconds = Seconds(source="target_rto", allow_null=True)
    target_data_loss_seconds = Seconds(source="target_rpo", allow_null=True)
    recovery_seconds = Seconds(source="measurement.recovery_time", allow_null=True, default=None)
    data_loss_seconds = Seconds(source="measurement.data_loss", allow_null=True, default=None)
    measured_at = serializers.DateTimeField(source="measurement.measured_at", allow_null=True, default=None)
    reference = serializers.CharField(source="measurement.reference", allow_null=True, default=None)
    url = serializers.CharField(source="measurement.url", allow_null=True, default=None)


class Proved(Output):
    """A row with its verdict, which the view reads once for the whole page."""

    verdict = serializers.SerializerMethodField()

    @extend_schema_field(VerdictOut)
    def get_verdict(self, row: Service | System) -> dict[str, Any]:
        """The proof of this row."""
        verdicts: dict[UUID, Verdict] = self.context["view"].verdicts
        return dict(VerdictOut(verdicts[row.pk]).data)


class SiteOut(Output):
    """A place."""

    example = {
        "name": "Hall 2",
        "address": "Harbour Street 4",
    }

    class Meta:
        model = Site
        fields = ["id", "name", "address", "created_at", "version"]


class ImpactOut(Output):
    """How bad one thing has become once the service has been away for this long."""

    example = {"criterion": "money", "after_seconds": 86400, "level": 2, "note": "Reminder fees."}

    after_seconds = Seconds(source="after")

    class Meta:
        model = Impact
        fields = ["criterion", "after_seconds", "level", "note"]


class ServiceOut(Proved):
    """What the business needs."""

    example = {
        "name": "Supplier invoices",
        "description": "Invoices are received, checked and paid.",
        "criticality": "important",
        "recovery_time_objective_seconds": 14400,
        "recovery_point_objective_seconds": 86400,
        "maximum_tolerable_downtime_seconds": 259200,
        "minimum_objective": "Urgent invoices are paid by hand.",
        "is_active": True,
    }

    recovery_time_objective_seconds = Seconds(source="recovery_time_objective")
    recovery_point_objective_seconds = Seconds(source="recovery_point_objective")
    maximum_tolerable_downtime_seconds = Seconds(source="maximum_tolerable_downtime")

    impacts = ImpactOut(many=True)

    class Meta:
        model = Service
        fields = [
            "id", "name", "description", "criticality", "owner", "recovery_time_objective_seconds",
            "recovery_point_objective_seconds", "maximum_tolerable_downtime_seconds",
            "minimum_objective", "review_every_days", "reviewed_on", "escalation_policy", "impacts", "is_active",
            "verdict", "created_at", "version",
        ]  # fmt: skip


class SystemOut(Proved):
    """What services run on."""

    example = {
        "name": "Invoice archive",
        "description": "Keeps what suppliers sent.",
        "release": "4.2",
        "recovery_time_objective_seconds": 14400,
        "recovery_point_objective_seconds": 86400,
        "is_active": True,
    }

    recovery_time_objective_seconds = Seconds(source="recovery_time_objective")
    recovery_point_objective_seconds = Seconds(source="recovery_point_objective")

    class Meta:
        model = System
        fields = [
            "id", "name", "description", "site", "owner", "release", "recovery_time_objective_seconds",
            "recovery_point_objective_seconds", "is_active", "verdict", "created_at", "version",
        ]  # fmt: skip


class DependencyOut(Output):
    """One thing that cannot work without another."""

    example = {
        "service": "180e3a47-cfd2-502e-95ad-25c447ac6bdc",
        "system": None,
        "on_service": None,
        "on_system": "731de6e4-6cff-5688-b2e7-2bb0b1650ac5",
    }

    class Meta:
        model = Dependency
        fields = ["id", "service", "system", "on_service", "on_system", "kind", "created_at"]


class MeasurementOut(Output):
    """What one restore test, drill or incident really achieved. Written by machines only."""

    example = {
        "service": None,
        "origin": "restore_test",
        "reference": "RT-0042",
        "url": "/backups/runs/RT-0042/",
        "outcome": "pass",
        "recovery_seconds": 187.4,
        "data_loss_seconds": 900,
        "bytes": 734003200,
    }

    recovery_seconds = Seconds(source="recovery_time")
    data_loss_seconds = Seconds(source="data_loss")

    class Meta:
        model = RecoveryMeasurement
        fields = [
            "id", "service", "system", "origin", "reference", "url", "outcome", "measured_at", "recovery_seconds",
            "data_loss_seconds", "bytes", "created_at",
        ]  # fmt: skip


class AffectedOut(serializers.Serializer):
    """One service or system that an outage reaches, how hard, and along which way."""

    example = {
        "kind": "service",
        "name": "Supplier invoices",
        "effect": "down",
        "path": ["Archive database", "Archive"],
    }

    kind = serializers.ChoiceField(source="subject._meta.model_name", choices=["service", "system"])
    id = serializers.UUIDField(source="subject.pk")
    name = serializers.CharField(source="subject.name")
    effect = serializers.SerializerMethodField()
    path = serializers.ListField(child=serializers.CharField(), help_text="From what failed to what stands in between.")

    @extend_schema_field(serializers.ChoiceField(choices=["down", "degraded", "inconvenienced"]))
    def get_effect(self, affected: Affected) -> str:
        """The worst that reaches it."""
        return affected.effect.name.lower()


class BlastRadiusOut(serializers.Serializer):
    """Everything that stands on what failed. services and systems: those that are down."""

    services = NamedOut(many=True)
    systems = NamedOut(many=True)
    affected = AffectedOut(many=True)
