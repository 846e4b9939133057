"""Incidents in the admin: described and moved through the room's services. Moves that need words are for the page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.clocks.admin import ClockNoticeAdmin, ClockTargetAdmin, DeadlineAdmin
from incidents.mail.admin import InboxMessageAdmin, MailboxAdmin
from incidents.models import (
    Attachment,
    EscalationRun,
    EscalationStepTaken,
    EvidenceItem,
    EvidenceMark,
    Incident,
    IncidentRole,
    IncidentTask,
    Rating,
    Review,
    SeverityMatrix,
    SilenceWatch,
    TimelineEvent,
)
from incidents.selectors.matrix import COLUMNS
from incidents.telling import admin as telling_admin
from ledger.admin import LedgerAdmin, ReadOnlyAdmin, ReadOnlyInline, SeenForm, SignedInRequest, by_service

__all__ = [
    "ClockNoticeAdmin",
    "ClockTargetAdmin",
    "DeadlineAdmin",
    "EscalationRunAdmin",
    "InboxMessageAdmin",
    "IncidentAdmin",
    "MailboxAdmin",
    "SilenceWatchAdmin",
    "telling_admin",
]


class TimelineInline(ReadOnlyInline):
    model = TimelineEvent
    fields = ["at", "kind", "by_label", "text", "is_public"]


class EvidenceMarkInline(ReadOnlyInline):
    model = EvidenceMark
    fields = ["item", "reason", "by", "at"]


class AttachmentInline(ReadOnlyInline):
    model = Attachment
    fields = ["at", "name", "sha256", "by_label", "is_public"]
    readonly_fields = ["sha256"]


class RatingInline(ReadOnlyInline):
    model = Rating
    fields = ["stars", "text", "by", "changed_at"]


class RoleInline(ReadOnlyInline):
    model = IncidentRole
    fields = ["role", "person", "since", "until"]


class TaskInline(ReadOnlyInline):
    model = IncidentTask
    fk_name = "incident"
    fields = ["title", "assignee", "role", "due_at", "state"]


@admin.register(Incident)
class IncidentAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["reference", "title", "state", "severity", "owner", "reported_at", "resolved_at"]
    list_filter = ["state", "severity", "category", "team", "is_major", "source", "reported_at"]
    list_select_related = ["owner"]
    search_fields = ["=number", "title", "=cause_key"]
    autocomplete_fields = ["services", "systems"]
    readonly_fields = [
        "state", "severity", "source", "reporter", "owner", "team", "is_major", "merged_into", "previous",
        "reopen_count", "acknowledged_at", "mitigated_at", "resolved_at", "closed_at", "cancelled_at",
    ]  # fmt: skip
    fieldsets = [
        (None, {"fields": ["title", "public_title", "description", "services", "systems"]}),
        (
            _("More about it"),
            {"fields": ["place", "error_code", "steps_tried", "category", "occurred_at", "detected_at", "expected_at"]},
        ),
        (_("Where it stands"), {"fields": ["is_restricted", *readonly_fields]}),
    ]
    inlines = [RoleInline, TaskInline, RatingInline, AttachmentInline, EvidenceMarkInline, TimelineInline]
    actions = [
        by_service(services.acknowledge, _("Take over"), key="incident_id"),
        by_service(services.mitigate, _("The worst is over"), key="incident_id"),
        by_service(services.resolve, _("It works again"), key="incident_id"),
        by_service(services.resume, _("Go on with it"), key="incident_id"),
        by_service(services.close, _("Close"), key="incident_id"),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Incidents are reported, on a page or by a program."""
        return False

    def change_by(self, request: SignedInRequest, row: Incident, values: dict[str, Any], version: int | None) -> bool:
        """Correct what is known about it."""
        affected = {name: values.pop(name) for name in ("services", "systems") if name in values}
        services.describe(incident_id=row.pk, by=request.user, changes=values, version=version, **affected)
        return True


class StepTakenInline(ReadOnlyInline):
    model = EscalationStepTaken
    fields = ["round", "position", "state", "due_at", "taken_at", "names"]


@admin.register(EscalationRun)
class EscalationRunAdmin(ReadOnlyAdmin):
    list_display = ["incident", "policy_name", "reason", "started_at", "ended_at", "end"]
    list_filter = ["reason", "end", "started_at"]
    list_select_related = ["incident"]
    search_fields = ["=incident__number", "policy_name"]
    fields = ["incident", "policy_name", "reason", "is_held", "started_at", "ended_at", "end"]
    inlines = [StepTakenInline]


@admin.register(SilenceWatch)
class SilenceWatchAdmin(ReadOnlyAdmin):
    list_display = ["incident", "stage", "due_at", "reminded_at"]
    list_select_related = ["incident"]
    search_fields = ["=incident__number"]
    fields = ["incident", "stage", "due_at", "reminded_at"]


@admin.register(SeverityMatrix)
class SeverityMatrixAdmin(LedgerAdmin):
    """How severe what is: one row, never a second one."""

    form = SeenForm
    list_display = ["__str__", "high_high", "high_medium", "medium_medium", "low_low"]
    search_fields = ["id"]
    fieldsets = [
        (
            None,
            {
                "fields": list(COLUMNS.values()),
                "description": _(
                    "From 1 (worst) to 4. Nothing that is worse may be less severe. "
                    "Incidents that are there keep the severity that they have."
                ),
            },
        )
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """It is there from the start; where it was lost, it is made again as it was."""
        return super().has_add_permission(request) and not SeverityMatrix.objects.exists()

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> SeverityMatrix:
        """All nine fields."""
        return services.set_matrix(cells=_cells(values), by=request.user)

    def change_by(
        self, request: SignedInRequest, row: SeverityMatrix, values: dict[str, Any], version: int | None
    ) -> bool:
        """What differs."""
        services.set_matrix(cells=_cells(values), by=request.user, version=version)
        return True


def _cells(values: dict[str, Any]) -> dict[tuple[int, int], int]:
    return {scales: values[column] for scales, column in COLUMNS.items() if column in values}


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Reviews are written and approved on their pages."""

    list_display = ["incident", "title", "state", "kind", "approved_at", "approved_by"]
    list_filter = ["state", "kind", "approved_at"]
    list_select_related = ["incident", "approved_by"]
    search_fields = ["=incident__number", "title"]


@admin.register(EvidenceItem)
class EvidenceItemAdmin(LedgerAdmin):
    """What has to be collected about incidents. What is not asked for any more is taken out of use."""

    form = SeenForm
    list_display = ["name", "key", "category", "position", "is_active"]
    list_filter = ["category", "is_active"]
    search_fields = ["name", "key"]
    fields = ["name", "key", "category", "position", "is_active"]
