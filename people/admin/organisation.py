"""Whose house this is, in the admin: one row, never a second one."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ledger.admin import LedgerAdmin, SeenForm, SignedInRequest
from people import services
from people.models import Organisation


@admin.register(Organisation)
class OrganisationAdmin(LedgerAdmin):
    form = SeenForm
    list_display = ["name", "time_zone", "set_up_at"]
    search_fields = ["name"]
    fields = ["name", "time_zone", "anyone_may_report", "set_up_at", "set_up_by"]
    readonly_fields = ["set_up_at", "set_up_by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The first steps make it."""
        return False

    def change_by(
        self, request: SignedInRequest, row: Organisation, values: dict[str, Any], version: int | None
    ) -> bool:
        """Name it anew."""
        services.name_organisation(by=request.user, version=version, **values)
        return True
