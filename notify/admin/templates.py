"""The organisation's own texts, with what they would look like."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from ledger.admin import LedgerAdmin, SeenForm, SignedInRequest
from notify import services
from notify.events import all_events, event_of
from notify.models import Template


def _kinds() -> list[tuple[str, Any]]:
    return [(event.kind, event.label) for event in all_events()]


class TemplateForm(SeenForm):
    """Only events that exist can be chosen."""

    kind = forms.ChoiceField(label=_("event"), choices=_kinds)


@admin.register(Template)
class TemplateAdmin(LedgerAdmin):
    form = TemplateForm
    list_display = ["kind", "language", "subject"]
    list_filter = ["language"]
    search_fields = ["kind", "subject", "body"]
    fields = ["kind", "language", "subject", "body", "placeholders", "preview"]
    readonly_fields = ["placeholders", "preview"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Which event and language it is for stays."""
        return [*self.readonly_fields, "kind", "language"] if obj else [*self.readonly_fields]

    @admin.display(description=_("placeholders"))
    def placeholders(self, row: Template) -> str:
        """What the text may name."""
        event = event_of(row.kind) if row.kind else None
        return ", ".join(f"{{{name}}}" for name in event.names) if event else "{about}, {url}, {organisation}, …"

    @admin.display(description=_("preview"))
    def preview(self, row: Template) -> SafeString | str:
        """As it would be sent, with examples for values."""
        if row._state.adding:
            return "–"
        try:
            texts = services.preview(kind=row.kind, language=row.language, subject=row.subject, body=row.body)
        except DomainError as refusal:  # an event that is gone with a release
            return refusal.message
        return format_html("<strong>{}</strong><pre>{}</pre>", *texts)

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Template:
        """It counts from now on."""
        return services.add_template(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: Template, values: dict[str, Any], version: int | None) -> bool:
        """Write it otherwise."""
        services.change_template(template_id=row.pk, by=request.user, version=version, **values)
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The product's own text counts again; the ledger keeps that there was one."""
        return bool(self.has_change_permission(request, obj))

    def delete_model(self, request: SignedInRequest, obj: Template) -> None:
        """Take it away."""
        services.remove_template(template_id=obj.pk, by=request.user)

    def delete_queryset(self, request: SignedInRequest, queryset: Any) -> None:
        """Each through the service."""
        for row in queryset:
            self.delete_model(request, row)
