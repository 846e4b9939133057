"""What each try to deliver was answered, as programs see it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api import Output, ReadViewSet
from notify.models import Attempt
from notify.selectors import attempts_visible_to


class AttemptOut(Output):
    """One try. `status` and `text` are what came back, without what may be a secret; `error` says why it failed."""

    example = {
        "way": "hook",
        "outcome": "refused",
        "outcome_words": "It was refused.",
        "took_seconds": 0.214,
        "status": 503,
        "text": "Come back later.",
        "error": "503 Come back later.",
    }

    outcome_words = serializers.CharField(source="get_outcome_display")
    took_seconds = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields = [
            "id", "delivery", "channel", "way", "outcome", "outcome_words", "took_seconds", "status", "text", "error",
            "created_at",
        ]  # fmt: skip

    def get_took_seconds(self, attempt: Attempt) -> float | None:
        """Null where nobody knows, because the worker stopped."""
        return None if attempt.took is None else attempt.took.total_seconds()


class Attempts(ReadViewSet):
    """GET /api/v1/delivery-attempts/ for administrators and auditors."""

    queryset = Attempt.objects.none()
    serializer_class = AttemptOut
    about = _("What each try to deliver a message was answered.")
    lists = _("Tries to deliver.")
    shows = _("One try to deliver.")
    filterset_fields: Any = {
        "delivery": ["exact"],
        "channel": ["exact"],
        "way": ["exact"],
        "outcome": ["exact", "in"],
        "created_at": ["gte", "lt"],
    }

    def get_queryset(self) -> QuerySet[Attempt]:
        """None for anybody else."""
        return attempts_visible_to(self.request.user)
