"""Backups in the admin: set up through the room's services; runs and copies are only read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from backups import services
from backups.choices import RunKind
from backups.models import Assertion, BackupPolicy, Copy, Repository, Run, Schedule, Step
from ledger.admin import LedgerAdmin, ReadOnlyAdmin, ReadOnlyInline, SecretField, SeenForm, SignedInRequest, by_service


@admin.register(Repository)
class RepositoryAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["name", "kind", "location", "site"]
    list_filter = ["kind", "site"]
    list_select_related = ["site"]
    search_fields = ["name", "location"]
    fields = ["name", "kind", "location", "site"]
    autocomplete_fields = ["site"]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Repository:
        """Name a place for copies."""
        return services.create_repository(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: Repository, values: dict[str, Any], version: int | None) -> bool:
        """Describe it anew."""
        services.change_repository(repository_id=row.pk, by=request.user, version=version, **values)
        return True


class PolicyForm(SeenForm):
    """A policy, and, only to be written, the password of its source."""

    password = SecretField(label=_("password of the source"))


class ScheduleForm(forms.ModelForm):
    """When something of a policy falls due. Its row is written by a service."""

    class Meta:
        model = Schedule
        fields = ["kind", "rule", "time_zone"]

    def has_changed(self) -> bool:
        """A new row counts when a rule was typed; the rest of it has a meaning without being touched."""
        return "rule" in self.changed_data if self.instance._state.adding else super().has_changed()


class ScheduleInline(TabularInline):
    model = Schedule
    form = ScheduleForm
    extra = 0


@admin.register(BackupPolicy)
class BackupPolicyAdmin(LedgerAdmin):
    form = PolicyForm
    list_display = ["name", "system", "repository", "engine", "owner", "activity"]
    list_filter = ["engine", "repository", "is_paused"]
    list_select_related = ["system", "repository", "owner"]
    search_fields = ["name", "slug", "system__name"]
    autocomplete_fields = ["system", "repository", "owner"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "system", "repository", "owner"]}),
        (_("Source"), {"fields": ["engine", "source", "password"]}),
        (_("What a copy must show"), {"fields": ["assertions", "fresh_for", "smallest_bytes"]}),
        (_("Limits"), {"fields": ["keep_copies", "wall_clock", "accept_no_isolation"]}),
    ]
    inlines = [ScheduleInline]
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

    @admin.display(description=_("state"), ordering="is_paused")
    def activity(self, policy: BackupPolicy) -> object:
        """Whether anything falls due."""
        return _("paused") if policy.is_paused else _("in force")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the password where Holdfast saves itself: there is none to set."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not obj.is_own:
            return fieldsets
        return [
            (name, {**each, "fields": [field for field in each["fields"] if field != "password"]})
            for name, each in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What Holdfast saves of itself is fixed."""
        return services.FIXED_FOR_OWN if obj is not None and obj.is_own else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only where the short name can be written."""
        return {} if obj is not None and obj.is_own else super().get_prepopulated_fields(request, obj)

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> BackupPolicy:
        """Say that a system is saved, how, and where to."""
        return services.create_policy(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: Any, values: dict[str, Any], version: int | None) -> bool:
        """The policy and its password are two changes of their own."""
        password = values.pop("password", "")
        if values:
            services.change_policy(policy_id=row.pk, by=request.user, version=version, **values)
        if password:
            services.set_source_secret(policy_id=row.pk, by=request.user, password=password)
        return True

    def save_formset(self, request: SignedInRequest, form: Any, formset: Any, change: bool) -> None:
        """Each schedule by itself."""
        formset.save(commit=False)
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


@admin.register(Copy)
class CopyAdmin(ReadOnlyAdmin):
    list_display = ["name", "policy", "repository", "taken_at", "bytes", "state"]
    list_filter = ["state", "policy", "repository", "taken_at"]
    list_select_related = ["policy", "repository"]
    search_fields = ["name", "policy__name"]


class StepInline(ReadOnlyInline):
    model = Step
    fields = ["position", "name", "outcome", "started_at", "ended_at", "tool", "tool_version", "exit_code", "tail"]


class AssertionInline(ReadOnlyInline):
    model = Assertion
    fields = ["position", "label_code", "expected", "found", "outcome"]


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ["reference", "kind", "policy", "state", "outcome", "started_at", "recovery_time", "data_loss"]
    list_filter = ["kind", "state", "outcome", "policy", "created_at"]
    list_select_related = ["policy"]
    search_fields = ["=number", "policy__name", "reason_code"]
    inlines = [StepInline, AssertionInline]
