"""Mailboxes and what came from them in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.files import open_file
from incidents.mail import keeping, reading
from incidents.models import InboxMessage, Mailbox
from ledger.admin import LedgerAdmin, ReadOnlyAdmin, SecretField, SeenForm, SignedInRequest, by_service


class MailboxForm(SeenForm):
    """A mailbox; its password is only ever written."""

    password = SecretField(label=_("password"))

    class Meta:
        model = Mailbox
        fields = list(keeping.SET)


@admin.register(Mailbox)
class MailboxAdmin(LedgerAdmin):
    form = MailboxForm
    list_display = ["name", "address", "is_active", "read_at", "trouble", "failures"]
    list_filter = ["is_active", "trouble"]
    search_fields = ["name", "address", "host"]
    autocomplete_fields = ["team", "service"]
    secret_fields = ("password",)
    readonly_fields = ["read_at", "trouble", "trouble_said", "failures"]
    fieldsets = [
        (None, {"fields": ["name", "address", "has_plus", "is_active"]}),
        (_("Server"), {"fields": ["host", "port", "security", "user", "password", "folder", "taken_folder"]}),
        (_("What becomes of mails"), {"fields": ["team", "service", "takes_since"]}),
        (_("Whom it believes"), {"fields": ["authserv_id", "own_list"]}),
        (_("How it does"), {"fields": readonly_fields}),
    ]
    actions = ["try_out"]

    def add_by(self, request: SignedInRequest, values: dict[str, Any]) -> Mailbox:
        """From now on it is read."""
        return keeping.add_mailbox(by=request.user, **values)

    def change_by(self, request: SignedInRequest, row: Mailbox, values: dict[str, Any], version: int | None) -> bool:
        """Read it otherwise."""
        keeping.change_mailbox(mailbox_id=row.pk, by=request.user, version=version, **values)
        return True

    @admin.action(description=_("Try the connection"), permissions=["view"])
    def try_out(self, request: SignedInRequest, queryset: "models.QuerySet[Mailbox]") -> None:
        """Each in words: what was found, or what is wrong. No transaction waits for a server."""
        for mailbox in queryset:
            try:
                said = keeping.try_mailbox(mailbox_id=mailbox.pk, by=request.user)
            except DomainError as refusal:
                self.message_user(request, f"{mailbox}: {refusal.message}", messages.ERROR)
            else:
                self.message_user(request, f"{mailbox}: {said}", messages.SUCCESS)


@admin.register(InboxMessage)
class InboxMessageAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "sender", "subject", "state", "reason", "incident", "mailbox"]
    list_display_links = ["created_at", "subject"]
    list_filter = ["state", "reason", "mailbox", "created_at"]
    list_select_related = ["incident", "mailbox"]
    search_fields = ["=sender", "subject", "=message_id"]
    fields = [
        *("created_at", "mailbox", "sender", "sender_name", "subject", "message_id", "size_bytes", "is_cut"),
        *("state", "reason", "said", "incident", "marked_at", "as_it_came"),
    ]
    readonly_fields = ["as_it_came"]
    actions = [by_service(reading.read_again, _("Read again"), key="mail_id")]

    @admin.display(description=_("as it came"))
    def as_it_came(self, mail: InboxMessage) -> str:
        """Where its bytes are saved from."""
        if mail.raw_id is None:
            return str(_("not kept any more"))
        address = reverse("admin:incidents_inboxmessage_raw", args=[mail.pk])
        return format_html('<a href="{}">{}</a>', address, _("Save as a file"))

    def get_urls(self) -> list[URLPattern]:
        """With the bytes of each mail."""
        raw = path("<uuid:pk>/raw/", self.admin_site.admin_view(self.raw), name="incidents_inboxmessage_raw")
        return [raw, *super().get_urls()]

    def raw(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        """The mail as it came: saved, never opened in the browser."""
        if not self.has_view_permission(request):
            raise Http404
        mail = get_object_or_404(InboxMessage.objects.select_related("raw"), pk=pk)
        if mail.raw is None:
            raise Http404
        try:
            content = open_file(mail.raw)
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(content, as_attachment=True, filename=f"{mail.pk}.eml", content_type="message/rfc822")
        add_never_cache_headers(response)
        return response
