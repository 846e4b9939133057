"""The catalog in the admin: every change through the room's services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog import services
from catalog.models import Basis, Dependency, Document, Impact, Provider, RecoveryMeasurement, Service, Site, System
from catalog.sheets import DOCUMENTS, SERVICES, SYSTEMS
from ledger.admin import LedgerAdmin, ReadOnlyAdmin, SeenForm, SignedInRequest, by_service
from ledger.admin.fields import DurationField
from ledger.admin.sheets import SheetAdmin

TARGETS = ["recovery_time_objective", "recovery_point_objective"]


class ImpactForm(forms.ModelForm):
    """One rating; its row is written by a service, together with the others."""

    after = DurationField(label=_("after"))

    class Meta:
        model = Impact
        fields = ["criterion", "after", "level", "note"]

    def has_changed(self) -> bool:
        """A new row counts when a moment was typed; the rest of it has a meaning without being touched."""
        return "after" in self.changed_data if self.instance._state.adding else super().has_changed()

    def validate_constraints(self) -> None:
        """All ratings are checked together, by the service."""

    def validate_unique(self) -> None:
        """The same."""


class ImpactFormSet(forms.BaseInlineFormSet):
    """All ratings of a service, checked together by the service."""

    def validate_unique(self) -> None:
        """Two ratings may trade places."""


class ImpactInline(TabularInline):
    model = Impact
    form = ImpactForm
    formset = ImpactFormSet
    extra = 0


@admin.register(Service)
class ServiceAdmin(SheetAdmin):
    form = SeenForm
    sheet = SERVICES
    list_display = ["name", "criticality", "owner", *TARGETS, "is_active"]
    list_filter = ["criticality", "is_active"]
    list_select_related = ["owner"]
    search_fields = ["name", "description"]
    fieldsets = [
        (None, {"fields": ["name", "description", "criticality", "owner"]}),
        (_("Targets"), {"fields": [*TARGETS, "maximum_tolerable_downtime", "minimum_objective"]}),
        (_("Review"), {"fields": ["review_every_days", "reviewed_on", "reviewed_by"]}),
        (_("Incidents"), {"fields": ["escalation_policy"]}),
    ]
    readonly_fields = ["reviewed_on", "reviewed_by"]
    autocomplete_fields = ["owner", "escalation_policy"]
    inlines = [ImpactInline]
    actions = [
        by_service(services.retire, _("Take out of use"), row="subject"),
        by_service(services.bring_back, _("Put back into use"), row="subject"),
    ]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Service:
        """Name something that the business needs."""
        return services.add_service(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: Service, values: dict[str, Any], version: int | None) -> bool:
        """Describe it anew."""
        services.change_service(service_id=row.pk, by=request.user, version=version, **values)
        return True

    def save_formset(self, request: SignedInRequest, form: Any, formset: Any, change: bool) -> None:
        """All ratings at once: a later moment is never rated lower than an earlier one."""
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        if formset.has_changed():
            services.set_impacts(service_id=form.instance.pk, impacts=_kept(formset), by=request.user)


def _kept(formset: Any) -> list[services.ImpactDetails]:
    """What stays of the ratings: those that were there or typed, without those marked for removal."""
    rows = [
        each.cleaned_data
        for each in formset.forms
        if each.cleaned_data.get("after") and not each.cleaned_data.get("DELETE")
    ]
    return [
        services.ImpactDetails(
            criterion=row["criterion"], after=row["after"], level=int(row["level"]), note=row["note"]
        )
        for row in rows
    ]


@admin.register(System)
class SystemAdmin(SheetAdmin):
    form = SeenForm
    sheet = SYSTEMS
    list_display = ["name", "release", "site", "owner", *TARGETS, "is_active"]
    list_filter = ["site", "is_active"]
    list_select_related = ["site", "owner"]
    search_fields = ["name", "description", "release"]
    fields = ["name", "description", "release", "site", "owner", *TARGETS]
    autocomplete_fields = ["site", "owner"]
    actions = [
        by_service(services.retire, _("Take out of use"), row="subject"),
        by_service(services.bring_back, _("Put back into use"), row="subject"),
    ]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> System:
        """Name something that services run on."""
        return services.add_system(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: System, values: dict[str, Any], version: int | None) -> bool:
        """Describe it anew."""
        services.change_system(system_id=row.pk, by=request.user, version=version, **values)
        return True


@admin.register(Site)
class SiteAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["name", "address"]
    search_fields = ["name", "address"]
    fields = ["name", "address"]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Site:
        """Name a place."""
        return services.add_site(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: Site, values: dict[str, Any], version: int | None) -> bool:
        """Describe it anew."""
        services.change_site(site_id=row.pk, by=request.user, version=version, **values)
        return True


@admin.register(Provider)
class ProviderAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["name", "contract", "owner", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["owner"]
    search_fields = ["name", "description", "contract"]
    fields = ["name", "description", "contact", "contract", "notice_page", "owner", "services", "systems"]
    autocomplete_fields = ["owner", "services", "systems"]
    actions = [
        by_service(services.retire, _("Take out of use"), row="subject"),
        by_service(services.bring_back, _("Put back into use"), row="subject"),
    ]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Provider:
        """Name somebody outside who carries services or systems."""
        return services.add_provider(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: Provider, values: dict[str, Any], version: int | None) -> bool:
        """Describe it anew."""
        services.change_provider(provider_id=row.pk, by=request.user, version=version, **values)
        return True


class DocumentForm(SeenForm):
    """A document, and the file itself where there is one to take in."""

    upload = forms.FileField(
        label=_("file"),
        required=False,
        max_length=200,
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("In place of the file that is kept."),
    )


@admin.register(Document)
class DocumentAdmin(SheetAdmin):
    form = DocumentForm
    sheet = DOCUMENTS
    list_display = ["title", "kind", "number", "provider", "service", "system", "owner", "expires_on", "is_active"]
    list_filter = ["kind", "is_active", "expires_on"]
    list_select_related = ["provider", "service", "system", "owner"]
    search_fields = ["title", "number", "provider__name", "service__name", "system__name"]
    fields = ["title", "kind", "number", "provider", "service", "system", "owner", "expires_on", "file", "upload"]
    readonly_fields = ["file"]
    autocomplete_fields = ["provider", "service", "system", "owner"]
    actions = [
        by_service(services.retire, _("Take out of use"), row="subject"),
        by_service(services.bring_back, _("Put back into use"), row="subject"),
    ]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Document:
        """Name a contract, licence or certificate."""
        upload = values.pop("upload", None)
        document = services.add_document(by=request.user, **values)
        return self._attach(request, document, upload)

    def change_by(self, request: SignedInRequest, row: Document, values: dict[str, Any], version: int | None) -> bool:
        """The document and its file are two changes of their own."""
        upload = values.pop("upload", None)
        if values or not upload:
            row = services.change_document(document_id=row.pk, by=request.user, version=version, **values)
            version = None
        self._attach(request, row, upload, version)
        return True

    def _attach(self, request: SignedInRequest, row: Document, upload: Any, version: int | None = None) -> Document:
        if not upload:
            return row
        return services.attach_file(
            document_id=row.pk, stream=upload, name=upload.name, by=request.user, version=version
        )


@admin.register(Dependency)
class DependencyAdmin(LedgerAdmin):
    list_display = ["__str__", "kind", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["service", "system", "on_service", "on_system"]
    search_fields = ["service__name", "system__name", "on_service__name", "on_system__name"]
    fields = ["service", "system", "on_service", "on_system", "kind"]
    autocomplete_fields = ["service", "system", "on_service", "on_system"]
    ordering = ["-created_at"]
    actions = [by_service(services.remove_dependency, _("Remove"), key="dependency_id")]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is there, or it is removed and another one added."""
        return False

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Dependency:
        """Say that one thing cannot work without another."""
        return services.add_dependency(by=request.user, **values)


@admin.register(RecoveryMeasurement)
class RecoveryMeasurementAdmin(ReadOnlyAdmin):
    list_display = ["reference", "origin", "service", "system", "outcome", "recovery_time", "data_loss", "measured_at"]
    list_filter = ["origin", "outcome", "measured_at"]
    list_select_related = ["service", "system"]
    search_fields = ["reference", "service__name", "system__name"]


@admin.register(Basis)
class BasisAdmin(ReadOnlyAdmin):
    list_display = ["part", "label", "service", "system", "changed_at"]
    list_select_related = ["service", "system"]
    search_fields = ["part", "label", "service__name", "system__name"]
    ordering = ["part"]
