"""The catalog in the admin: every change through the room's services."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog import services
from catalog.models import Basis, Dependency, RecoveryMeasurement, Service, Site, System
from ledger.admin import LedgerAdmin, ReadOnlyAdmin, SeenForm, SignedInRequest, by_service

TARGETS = ["recovery_time_objective", "recovery_point_objective"]


@admin.register(Service)
class ServiceAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["name", "criticality", "owner", *TARGETS, "is_active"]
    list_filter = ["criticality", "is_active"]
    list_select_related = ["owner"]
    search_fields = ["name", "description"]
    fields = ["name", "description", "criticality", "owner", *TARGETS, "maximum_tolerable_downtime"]
    autocomplete_fields = ["owner"]
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


@admin.register(System)
class SystemAdmin(LedgerAdmin):
    form = SeenForm
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


@admin.register(Dependency)
class DependencyAdmin(LedgerAdmin):
    list_display = ["__str__", "kind", "created_at"]
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
