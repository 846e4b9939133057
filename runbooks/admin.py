"""Emergency plans in the admin: drafts are written, published and withdrawn through the room's services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline

from ledger.admin import LedgerAdmin, SeenForm, SignedInRequest, by_service
from runbooks import services
from runbooks.choices import VersionState
from runbooks.models import Plan, PlanText, PlanVersion


class VersionInline(TabularInline):
    model = PlanVersion
    fields = ["number", "state", "published_at", "published_by", "sha256"]
    readonly_fields = fields
    show_change_link = True
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Plan)
class PlanAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["reference", "scenario", "owner"]
    list_filter = ["scenario"]
    list_select_related = ["owner"]
    search_fields = ["reference", "versions__texts__title"]
    fields = ["reference", "scenario", "owner", "services", "systems"]
    autocomplete_fields = ["owner", "services", "systems"]
    inlines = [VersionInline]
    actions = [by_service(services.draft_version, _("Begin a draft"), key="plan_id")]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """People say the reference; it stays."""
        return ["reference"] if obj else []

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Plan:
        """Begin a plan."""
        return services.create_plan(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: Plan, values: dict[str, Any], version: int | None) -> bool:
        """Say what it is for, and whose it is."""
        services.change_plan(plan_id=row.pk, by=request.user, version=version, **values)
        return True


class TextForm(forms.ModelForm):
    """A text of a draft. Its language is chosen once."""

    class Meta:
        model = PlanText
        fields = ["language", "title", "text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            self.fields["language"].disabled = not self.instance._state.adding


class TextInline(StackedInline):
    model = PlanText
    form = TextForm
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: PlanVersion | None = None) -> bool:
        return _is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: PlanVersion | None = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)


def _is_draft(version: PlanVersion | None) -> bool:
    return version is not None and version.state == VersionState.DRAFT


@admin.register(PlanVersion)
class PlanVersionAdmin(LedgerAdmin):
    list_display = ["__str__", "state", "published_at", "published_by"]
    list_filter = ["state"]
    list_select_related = ["plan", "published_by"]
    search_fields = ["plan__reference", "texts__title", "^sha256"]
    shown = ["plan", "number", "state", "published_at", "published_by", "sha256"]
    fields = [*shown, "because_of"]
    autocomplete_fields = ["because_of"]
    inlines = [TextInline]
    actions = [by_service(services.publish, _("Publish"), key="version_id")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Drafts begin at their plan."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: PlanVersion | None = None) -> list[str]:
        """What a version was written for is said while it is a draft."""
        return self.shown if _is_draft(obj) else [*self.shown, "because_of"]

    def change_by(self, request: SignedInRequest, row: Any, values: dict[str, Any], version: int | None) -> bool:
        """What it was written for; its texts are written below."""
        if "because_of" in values:
            services.name_causes(version_id=row.pk, actions=values["because_of"], by=request.user)
        return True

    def save_formset(self, request: SignedInRequest, form: Any, formset: Any, change: bool) -> None:
        """Each text by itself."""
        for text in formset.save(commit=False):
            services.write_text(
                version_id=text.version_id, language=text.language, title=text.title, text=text.text, by=request.user
            )
