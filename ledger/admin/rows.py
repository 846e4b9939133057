"""The ledger itself, and the rows without business words."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.models import Heartbeat, PendingFact, StoredFile
from ledger.admin.base import ReadOnlyAdmin
from ledger.models import Entry, Seal, SealedEntry
from ledger.services import seal_pending


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "verb", "actor_label", "subject_label", "address", "in_seal"]
    list_display_links = ["verb"]
    list_filter = ["actor_kind", "at"]
    search_fields = ["^verb", "actor_label", "subject_label", "=subject_id", "=request_id"]
    search_help_text = _("What was done, by whom, about what; or an id.")
    list_select_related = ["sealed"]
    actions = ["seal_now"]

    @admin.display(description=_("seal"))
    def in_seal(self, entry: Entry) -> object:
        """The number of its seal; young entries wait for theirs."""
        return entry.sealed.seal_id if hasattr(entry, "sealed") else _("not yet")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Links to the history of one row."""
        return lookup in {"subject_type__exact", "subject_id__exact"} or super().lookup_allowed(lookup, value, request)

    @admin.action(description=_("Seal now what is not sealed yet"), permissions=["view"])
    def seal_now(self, request: HttpRequest, _queryset: "models.QuerySet[Any]") -> None:
        """Whatever was chosen: seals close all that waits."""
        count = seal_pending(now=timezone.now())
        said = ngettext("%(count)s entry sealed.", "%(count)s entries sealed.", count) % {"count": count}
        self.message_user(request, said, messages.SUCCESS)


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ["number", "at", "entries_count", "head"]
    search_fields = ["=number", "^head"]


@admin.register(SealedEntry)
class SealedEntryAdmin(ReadOnlyAdmin):
    list_display = ["entry", "seal", "position", "digest"]
    list_select_related = ["entry", "seal"]
    search_fields = ["=entry__id", "=seal__number"]
    ordering = ["-seal", "position"]


@admin.register(PendingFact)
class PendingFactAdmin(ReadOnlyAdmin):
    list_display = ["fact", "receiver", "attempts", "due_at", "created_at"]
    list_filter = ["fact"]
    search_fields = ["fact", "receiver", "last_error"]
    ordering = ["due_at"]


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["name", "at"]
    search_fields = ["name"]
    ordering = ["name"]


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "content_type", "size_bytes", "created_at"]
    list_filter = ["content_type"]
    search_fields = ["name", "^sha256"]
    ordering = ["-created_at"]
