"""What backups look like from outside. Lengths of time are seconds; secrets are never among them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backups.models import Assertion, BackupPolicy, Copy, PolicySource, Repository, Run, Schedule, Step
from backups.selectors import assertions_of, sees_output
from common.api import Output, Seconds


class RepositoryOut(Output):
    """A place where copies lie."""

    example = {
        "name": "Vault in Hall 2",
        "location": "/srv/copies",
        "cause_key": "backups.repository:731de6e4-6cff-5688-b2e7-2bb0b1650ac5",
    }

    class Meta:
        model = Repository
        fields = ["id", "name", "kind", "location", "site", "cause_key", "created_at", "version"]


class ScheduleOut(Output):
    """When one kind of run falls due."""

    example = {
        "kind": "backup",
        "rule": "0 2 * * *",
        "time_zone": "Europe/Berlin",
    }

    class Meta:
        model = Schedule
        fields = ["kind", "rule", "time_zone", "next_due_at"]


class SourceOut(Output):
    """One thing that is saved."""

    example = {
        "name": "database",
        "settings": {"host": "db.example.org", "port": 5432, "database": "accounting", "user": "backup"},
        "has_password": True,
    }

    has_password = serializers.SerializerMethodField()

    class Meta:
        model = PolicySource
        fields = ["name", "engine", "settings", "has_password"]

    def get_has_password(self, source: PolicySource) -> bool:
        """Whether one is kept. It is never read back."""
        return bool(source.secret)


class PolicyOut(Output):
    """What is saved, how, and where to."""

    example = {
        "name": "Accounting, every night",
        "slug": "accounting",
        "assertions": [
            {
                "label": "Invoices of this year",
                "query": "SELECT count(*) FROM invoice",
                "compare": ">=",
                "value": 1200,
            }
        ],
        "keep_copies": 14,
        "fresh_for_seconds": 93600,
        "smallest_bytes": 1048576,
        "wall_clock_seconds": 3600,
        "cause_key": "backups.policy:731de6e4-6cff-5688-b2e7-2bb0b1650ac5",
        "url": "/backups/accounting/",
    }

    sources = SourceOut(many=True)
    fresh_for_seconds = Seconds(source="fresh_for")
    wall_clock_seconds = Seconds(source="wall_clock")
    schedules = ScheduleOut(many=True)
    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = BackupPolicy
        fields = [
            "id", "name", "slug", "system", "repository", "sources", "owner", "assertions",
            "fresh_for_seconds", "smallest_bytes", "wall_clock_seconds", "keep_copies", "accept_no_isolation",
            "is_paused", "is_own", "cause_key", "schedules", "url", "created_at", "version",
        ]  # fmt: skip


class CopyOut(Output):
    """One copy among others."""

    example = {
        "name": "accounting-20260314T020000Z",
        "bytes": 734003200,
        "manifest_sha256": "9f2c6d1e8b7a4f305c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7",
    }

    class Meta:
        model = Copy
        fields = ["id", "policy", "repository", "name", "taken_at", "bytes", "state", "manifest_sha256", "created_at"]


class CopyWithManifest(CopyOut):
    """The same with its list of contents, which may be long."""

    example = {
        **CopyOut.example,
        "manifest": {"dump": {"bytes": 734003200}},
    }

    class Meta(CopyOut.Meta):
        fields = [*CopyOut.Meta.fields, "manifest"]


class StepOut(Output):
    """One step as it happened. command and tail are empty for those who may not read what tools printed."""

    example = {
        "name": "restore",
        "outcome": "pass",
        "seconds": 41.2,
        "source": "",
        "tool": "pg_restore",
        "version": "18.1",
        "command": ["pg_restore", "--exit-on-error", "--dbname=restored"],
        "exit_code": 0,
        "tail": "",
        "note": "",
    }

    seconds = Seconds(source="duration")
    version = serializers.CharField(source="tool_version")
    command = serializers.SerializerMethodField()
    tail = serializers.SerializerMethodField()

    class Meta:
        model = Step
        fields = [
            "position", "attempt", "name", "source", "phase", "level", "outcome", "started_at", "ended_at", "seconds",
            "tool", "version", "command", "exit_code", "tail", "note",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_command(self, step: Step) -> list[str]:
        """The arguments, secrets masked."""
        return list(step.command) if self._sees_output() else []

    def get_tail(self, step: Step) -> str:
        """The end of what the tool printed."""
        return step.tail if self._sees_output() else ""

    def _sees_output(self) -> bool:
        return sees_output(self.context["request"].user)


class AssertionOut(Output):
    """One question asked of the restored data. found is empty for those who may not read what tools printed."""

    example = {
        "source": "",
        "label": "Invoices of this year",
        "expected": ">= 1200",
        "found": "1284",
        "outcome": "pass",
    }

    class Meta:
        model = Assertion
        fields = ["position", "source", "label", "expected", "found", "outcome"]


class RunOut(Output):
    """One backup, check or restore test."""

    example = {
        "reference": "RT-0042",
        "kind": "restore_test",
        "state": "ended",
        "outcome": "pass",
        "level": 5,
        "failed_level": None,
        "failed_step": "",
        "failed_source": "",
        "reason_code": "",
        "reason": "",
        "cause_key": "",
        "recovery_seconds": 187.4,
        "data_loss_seconds": 900,
        "bytes": 734003200,
        "url": "/backups/runs/RT-0042/",
    }

    recovery_seconds = Seconds(source="recovery_time")
    data_loss_seconds = Seconds(source="data_loss")
    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = Run
        fields = [
            "id", "reference", "kind", "policy", "copy", "state", "outcome", "level", "failed_level", "failed_step",
            "failed_source",
            "reason_code", "reason", "cause_key", "isolation", "slot_at", "missed_slots", "created_at", "started_at",
            "ended_at", "attempts", "recovery_seconds", "data_loss_seconds", "bytes", "url",
        ]  # fmt: skip


class RunWithSteps(RunOut):
    """The same with its steps and assertions."""

    steps = serializers.SerializerMethodField()
    assertions = serializers.SerializerMethodField()

    class Meta(RunOut.Meta):
        fields = [*RunOut.Meta.fields, "steps", "assertions"]

    @extend_schema_field(StepOut(many=True))
    def get_steps(self, run: Run) -> Any:
        """In the order in which they happened."""
        return StepOut(run.steps.order_by("position"), many=True, context=self.context).data

    @extend_schema_field(AssertionOut(many=True))
    def get_assertions(self, run: Run) -> Any:
        """What was asked, and what was found."""
        asked = assertions_of(run, self.context["request"].user)
        return AssertionOut(asked, many=True, context=self.context).data


class QueuedOut(serializers.Serializer):
    """A run that was asked for, and where to see how it goes."""

    example = {
        "reference": "RT-0042",
        "state": "queued",
        "url": "/api/v1/restore-tests/731de6e4-6cff-5688-b2e7-2bb0b1650ac5/",
        "page": "/backups/runs/RT-0042/",
    }

    id = serializers.UUIDField()
    reference = serializers.CharField()
    state = serializers.CharField()
    url = serializers.CharField(help_text="Address of the run in the API.")
    page = serializers.CharField(help_text="Address of the run for people.")
