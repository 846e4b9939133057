"""What backups left behind: only read."""

from django.contrib import admin

from backups.models import Assertion, Copy, Run, Step
from ledger.admin import ReadOnlyAdmin, ReadOnlyInline


@admin.register(Copy)
class CopyAdmin(ReadOnlyAdmin):
    list_display = ["name", "policy", "repository", "taken_at", "bytes", "state"]
    list_filter = ["state", "policy", "repository", "taken_at"]
    list_select_related = ["policy", "repository"]
    search_fields = ["name", "policy__name"]


class StepInline(ReadOnlyInline):
    model = Step
    fields = [
        "position",
        "name",
        "source",
        "outcome",
        "started_at",
        "ended_at",
        "tool",
        "tool_version",
        "exit_code",
        "tail",
    ]


class AssertionInline(ReadOnlyInline):
    model = Assertion
    fields = ["position", "source", "label_code", "expected", "found", "outcome"]


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ["reference", "kind", "policy", "state", "outcome", "started_at", "recovery_time", "data_loss"]
    list_filter = ["kind", "state", "outcome", "policy", "created_at"]
    list_select_related = ["policy"]
    search_fields = ["=number", "policy__name", "reason_code"]
    inlines = [StepInline, AssertionInline]
