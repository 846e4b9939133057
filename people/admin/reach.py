"""Who is away, how people are reached, and where they are signed in."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from common.text import safe_line
from ledger.admin import LedgerAdmin, LedgerForm, ReadOnlyAdmin, SignedInRequest, by_service
from people import services
from people.models import Absence, BrowserSession, ContactMethod


@admin.register(Absence)
class AbsenceAdmin(LedgerAdmin):
    form = LedgerForm
    list_display = ["person", "substitute", "starts_at", "ends_at", "ended_early_at"]
    list_filter = ["starts_at", "ends_at"]
    list_select_related = ["person", "substitute"]
    search_fields = ["person__name", "substitute__name"]
    fields = ["person", "substitute", "starts_at", "ends_at"]
    autocomplete_fields = ["person", "substitute"]
    actions = [by_service(services.end_absence, _("End now: the person is here"), key="absence_id")]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An absence is planned and ended; another time is another absence."""
        return False

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Absence:
        """Say when somebody is away."""
        return services.plan_absence(by=request.user, **values)


class ContactForm(LedgerForm):
    """An address as it was given; that of an app is sealed and never shown again."""

    address = forms.CharField(
        label=_("address"),
        max_length=500,
        validators=[safe_line],
        widget=UnfoldAdminTextInputWidget,
        help_text=_("An e-mail address, a phone number, or the address of an app, such as ntfy://topic."),
    )

    class Meta:
        model = ContactMethod
        fields = ["person", "kind", "name"]


@admin.register(ContactMethod)
class ContactMethodAdmin(LedgerAdmin):
    form = ContactForm
    list_display = ["person", "kind", "name", "address", "verified_at", "last_reached_at"]
    list_filter = ["kind", "verified_at"]
    list_select_related = ["person"]
    search_fields = ["person__name", "name"]
    fields = ["person", "kind", "address", "name"]
    autocomplete_fields = ["person"]
    actions = [
        by_service(services.send_code, _("Send a code to prove it"), key="contact_id"),
        by_service(services.remove_contact, _("Remove"), key="contact_id"),
    ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Another address is another contact method, which is to be proven."""
        return False

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> ContactMethod:
        """Keep another way to reach somebody."""
        return services.add_contact(by=request.user, **values)


@admin.register(BrowserSession)
class BrowserSessionAdmin(ReadOnlyAdmin):
    list_display = ["person", "device", "address", "started_at", "last_seen_at"]
    list_filter = ["last_seen_at"]
    list_select_related = ["person"]
    search_fields = ["person__name", "address", "device"]
    fields = ["person", "device", "address", "started_at", "last_seen_at"]
    actions = [by_service(services.end_session, _("Sign out there"), key="session_id")]
