"""What is saved, how, and when: set up through the room's services."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backups import services
from backups.admin.inlines import ScheduleInline, SourceInline
from backups.choices import RunKind
from backups.models import BackupPolicy, Schedule
from ledger.admin import LedgerAdmin, SeenForm, SignedInRequest, by_service


@admin.register(BackupPolicy)
class BackupPolicyAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["name", "system", "repository", "saved", "owner", "activity"]
    list_filter = ["sources__engine", "repository", "is_paused"]
    list_select_related = ["system", "repository", "owner"]
    search_fields = ["name", "slug", "system__name"]
    autocomplete_fields = ["system", "repository", "owner"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "system", "repository", "owner"]}),
        (_("What a copy must show"), {"fields": ["assertions", "fresh_for", "smallest_bytes"]}),
        (_("Limits"), {"fields": ["keep_copies", "wall_clock", "accept_no_isolation"]}),
    ]
    inlines = [SourceInline, ScheduleInline]
    actions = [
        by_service(services.request_run, _("Back up now"), key="policy_id", name="back_up", kind=RunKind.BACKUP),
        by_service(services.request_run, _("Check now"), key="policy_id", name="check", kind=RunKind.CHECK),
        by_service(
            services.request_run,
            _("Test the restore now"),
            key="policy_id",
            name="test_restore",
            kind=RunKind.RESTORE_TEST,
        ),
        by_service(services.pause_policy, _("Pause"), key="policy_id"),
        by_service(services.resume_policy, _("Go on"), key="policy_id"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BackupPolicy]:
        """With what each of them saves."""
        return super().get_queryset(request).prefetch_related("sources")

    @admin.display(description=_("saves"))
    def saved(self, policy: BackupPolicy) -> str:
        """The kinds of its sources."""
        return ", ".join(source.get_engine_display() for source in policy.sources.all())

    @admin.display(description=_("state"), ordering="is_paused")
    def activity(self, policy: BackupPolicy) -> object:
        """Whether anything falls due."""
        return _("paused") if policy.is_paused else _("in force")

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Without sources where Holdfast saves itself: they are fixed."""
        return [inline for inline in self.inlines if inline is not SourceInline or obj is None or not obj.is_own]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What Holdfast saves of itself is fixed."""
        return ("slug",) if obj is not None and obj.is_own else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only where the short name can be written."""
        return {} if obj is not None and obj.is_own else super().get_prepopulated_fields(request, obj)

    def save_model(self, request: SignedInRequest, obj: Any, form: Any, change: bool) -> None:
        """A policy and what it saves are set together: the rows of the form below are looked at already."""
        request.sources = getattr(obj, "told_sources", None)  # type: ignore[attr-defined]  # carried along
        super().save_model(request, obj, form, change)

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> BackupPolicy:
        """Say that a system is saved, how, and where to."""
        sources = request.sources or []  # type: ignore[attr-defined]  # carried by save_model
        return services.create_policy(by=request.user, sources=sources, **values)

    def change_by(self, request: SignedInRequest, row: Any, values: dict[str, Any], version: int | None) -> bool:
        """The policy, what it saves, and the passwords, in one."""
        sources = request.sources  # type: ignore[attr-defined]  # carried by save_model
        services.change_policy(policy_id=row.pk, by=request.user, version=version, sources=sources, **values)
        return True

    def save_formset(self, request: SignedInRequest, form: Any, formset: Any, change: bool) -> None:
        """Each schedule by itself; what is saved was set with the policy."""
        formset.save(commit=False)
        if formset.model is not Schedule:
            return
        for removed in formset.deleted_objects:
            services.remove_schedule(policy=form.instance, kind=removed.kind, by=request.user)
        for schedule, changed in formset.changed_objects:
            if "kind" in changed:
                services.remove_schedule(policy=form.instance, kind=changed_from(formset, schedule), by=request.user)
        for schedule in [*formset.new_objects, *(schedule for schedule, _changed in formset.changed_objects)]:
            services.set_schedule(
                policy=form.instance,
                kind=schedule.kind,
                rule=schedule.rule,
                time_zone=schedule.time_zone,
                by=request.user,
            )


def changed_from(formset: Any, schedule: Schedule) -> str:
    """The kind that a schedule had before it was given another."""
    return str(next(form.initial["kind"] for form in formset.initial_forms if form.instance is schedule))
