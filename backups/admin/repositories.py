"""Where copies lie."""

from typing import Any

from django.contrib import admin

from backups import services
from backups.models import Repository
from ledger.admin import LedgerAdmin, SeenForm, SignedInRequest


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
