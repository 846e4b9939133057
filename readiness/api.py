"""The ledger, as programs read it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api import Output, ReadViewSet
from ledger.models import Entry
from ledger.selectors import Asked
from readiness.ledger import entries_for


class EntryOut(Output):
    """One thing that somebody did. `seal` is null until it is sealed, within a minute."""

    example = {
        "actor_kind": "user",
        "actor_id": "5f0c9f1c-6a7e-4c39-9d43-0f6f7b1d2a10",
        "actor_label": "Duty manager",
        "verb": "incident.acknowledged",
        "subject_type": "incidents.incident",
        "subject_id": "0b9d4c58-1f0f-4b8e-8a53-2f0a2f6f3c77",
        "subject_label": "INC-0042",
        "data": {"state": "active"},
        "request_id": "3f2a9c0d4b1e4f6a8c7d5e9b0a1f2c3d",
        "address": "192.0.2.7",
        "digest": "9f2c6d1e8b7a4f305c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7",
    }

    seal = serializers.IntegerField(source="sealed.seal_id", allow_null=True, default=None)
    digest = serializers.CharField(source="sealed.digest", allow_null=True, default=None)

    class Meta:
        model = Entry
        fields = [
            "id", "at", "actor_kind", "actor_id", "actor_label", "verb", "subject_type", "subject_id",
            "subject_label", "data", "request_id", "address", "seal", "digest",
        ]  # fmt: skip


class Ledger(ReadViewSet):
    """/api/v1/ledger/: never written here."""

    queryset = Entry.objects.none()
    serializer_class = EntryOut
    about = _("Who did what, when, and what it changed. Entries are written by what is done, and never changed.")
    lists = _("Entries, the newest first: all, those of one’s own people, or one subject’s by its type and id.")
    shows = _("One entry.")
    filterset_fields = {
        "verb": ["exact"],
        "subject_type": ["exact"],
        "subject_id": ["exact"],
        "actor_kind": ["exact"],
        "actor_id": ["exact"],
        "at": ["gte", "lt"],
    }
    ordering_fields = ["at"]
    default_ordering = "-at"

    def get_queryset(self) -> QuerySet[Entry]:
        """What the caller may see of one subject, when one is asked for, else of everything."""
        query = self.request.query_params
        asked = Asked(subject_type=query.get("subject_type", ""), subject_id=query.get("subject_id", ""))
        entries = entries_for(self.request.user, asked)
        return Entry.objects.none() if entries is None else entries.select_related("sealed")
