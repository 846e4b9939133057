"""What backups look like from outside. Lengths of time are seconds; secrets are never among them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backups.models import Assertion, BackupPolicy, Copy, Repository, Run, Schedule, Step
from backups.selectors import assertions_of, sees_output
from common.api import Output, Seconds


class RepositoryOut(Output):
    """A place where copies lie."""

    class Meta:
        model = Repository
        fields = ["id", "name", "kind", "location", "site", "cause_key", "created_at", "version"]


class ScheduleOut(Output):
    """When one kind of run falls due."""

    class Meta:
        model = Schedule
        fields = ["kind", "rule", "time_zone", "next_due_at"]


class PolicyOut(Output):
    """What is saved, how, and where to."""

    has_password = serializers.SerializerMethodField()
    fresh_for_seconds = Seconds(source="fresh_for")
    wall_clock_seconds = Seconds(source="wall_clock")
    schedules = ScheduleOut(many=True)
    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = BackupPolicy
        fields = [
            "id", "name", "slug", "system", "repository", "engine", "source", "has_password", "owner", "assertions",
            "fresh_for_seconds", "smallest_bytes", "wall_clock_seconds", "keep_copies", "accept_no_isolation",
            "is_paused", "is_own", "cause_key", "schedules", "url", "created_at", "version",
        ]  # fmt: skip

    def get_has_password(self, policy: BackupPolicy) -> bool:
        """Whether one is kept. It is never read back."""
        return bool(policy.source_secret)


class CopyOut(Output):
    """One copy among others."""

    class Meta:
        model = Copy
        fields = ["id", "policy", "repository", "name", "taken_at", "bytes", "state", "manifest_sha256", "created_at"]


class CopyWithManifest(CopyOut):
    """The same with its list of contents, which may be long."""

    class Meta(CopyOut.Meta):
        fields = [*CopyOut.Meta.fields, "manifest"]


class StepOut(Output):
    """One step as it happened. command and tail are empty for those who may not read what tools printed."""

    seconds = Seconds(source="duration")
    version = serializers.CharField(source="tool_version")
    command = serializers.SerializerMethodField()
    tail = serializers.SerializerMethodField()

    class Meta:
        model = Step
        fields = [
            "position", "attempt", "name", "phase", "level", "outcome", "started_at", "ended_at", "seconds", "tool",
            "version", "command", "exit_code", "tail", "note",
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

    class Meta:
        model = Assertion
        fields = ["position", "label", "expected", "found", "outcome"]


class RunOut(Output):
    """One backup, check or restore test."""

    recovery_seconds = Seconds(source="recovery_time")
    data_loss_seconds = Seconds(source="data_loss")
    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = Run
        fields = [
            "id", "reference", "kind", "policy", "copy", "state", "outcome", "level", "failed_level", "failed_step",
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

    id = serializers.UUIDField()
    reference = serializers.CharField()
    state = serializers.CharField()
    url = serializers.CharField(help_text="Address of the run in the API.")
    page = serializers.CharField(help_text="Address of the run for people.")
