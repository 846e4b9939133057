"""Time limits in the admin: what is promised by severity and service, and what became of it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.models import ClockNotice, ClockTarget, Deadline
from ledger.admin import LedgerAdmin, ReadOnlyAdmin, SeenForm, SignedInRequest, by_service


@admin.register(ClockTarget)
class ClockTargetAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["severity", "for_service", "calendar", "acknowledge_within", "update_every", "resolve_within"]
    list_display_links = ["severity", "for_service"]
    list_filter = ["severity", "calendar"]
    list_select_related = ["service", "calendar"]
    search_fields = ["service__name", "calendar__name"]
    autocomplete_fields = ["service"]
    fieldsets = [
        (None, {"fields": ["severity", "service", "calendar"]}),
        (
            _("Within which time"),
            {
                "fields": ["acknowledge_within", "update_every", "resolve_within"],
                "description": _("Such as “30 min” or “1 d 4 h”, in hours of the calendar. Empty: no such clock."),
            },
        ),
    ]
    actions = [by_service(services.withdraw_promise, _("Promise this no longer"), key="target_id")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClockTarget]:
        """What is in force. What was promised before is in the ledger."""
        return super().get_queryset(request).filter(until=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """For another severity or service it is another one."""
        return ["severity", "service"] if obj else []

    @admin.display(description=_("service"), ordering="service__name")
    def for_service(self, target: ClockTarget) -> Any:
        return target.service or _("all others")

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> ClockTarget:
        """Promise it."""
        return services.promise(by=request.user, **{**values, "severity": int(values["severity"])})

    def change_by(
        self, request: SignedInRequest, row: ClockTarget, values: dict[str, Any], version: int | None
    ) -> bool:
        """Promise something else from now on."""
        services.change_promise(target_id=row.pk, by=request.user, version=version, **values)
        return True


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    list_display = ["incident", "due_at", "reason", "set_by"]
    list_select_related = ["incident", "set_by"]
    search_fields = ["=incident__number", "reason"]
    ordering = ["due_at"]


@admin.register(ClockNotice)
class ClockNoticeAdmin(ReadOnlyAdmin):
    list_display = ["incident", "kind", "level", "due_at", "created_at", "is_told"]
    list_filter = ["kind", "level", "is_told"]
    list_select_related = ["incident"]
    search_fields = ["=incident__number"]
