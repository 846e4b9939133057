"""Emergency plans, as programs read them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.api import NamedOut, Output, ReadViewSet
from runbooks import selectors
from runbooks.models import Plan, PlanText, PlanVersion


class TextOut(Output):
    """Title and text (Markdown) in one language."""

    example = {
        "language": "en",
        "title": "The invoice archive is down",
        "text": "1. Tell the accounting desk.\n2. Start the restore.",
    }

    class Meta:
        model = PlanText
        fields = ["language", "title", "text"]


class VersionOut(Output):
    """The wording in force, with the digest of its texts."""

    example = {
        "number": 3,
        "state": "published",
        "sha256": "9f2c6d1e8b7a4f305c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7",
        "published_by": "Duty manager",
    }

    texts = TextOut(many=True)
    published_by = serializers.CharField(source="published_by.name", allow_null=True, default=None)

    class Meta:
        model = PlanVersion
        fields = ["id", "number", "state", "sha256", "published_at", "published_by", "texts"]


class PlanOut(Output):
    """A plan with what it is for. `in_force` is null before a version is published."""

    example = {
        "reference": "PLAN-ARCHIVE",
    }

    services = NamedOut(many=True)
    systems = NamedOut(many=True)
    owner = NamedOut(allow_null=True)
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = Plan
        fields = ["id", "reference", "scenario", "services", "systems", "owner", "in_force", "created_at", "version"]

    @extend_schema_field(VersionOut(allow_null=True))
    def get_in_force(self, plan: Plan) -> dict[str, Any] | None:
        """The published version."""
        versions = plan.versions_in_force  # type: ignore[attr-defined]
        return VersionOut(versions[0]).data if versions else None


class Plans(ReadViewSet):
    """GET /api/v1/plans/"""

    queryset = Plan.objects.none()
    serializer_class = PlanOut
    about = _("Emergency plans, as they are in force.")
    lists = _("Emergency plans.")
    shows = _("One emergency plan with the wording in force.")
    filterset_fields = ["scenario", "services", "systems", "reference"]
    search_fields = ["reference", "versions__texts__title"]
    ordering_fields = ["created_at", "reference"]

    def get_queryset(self) -> QuerySet[Plan]:
        """What the caller may read."""
        plans = selectors.with_texts(selectors.visible_to(self.by))
        return plans.prefetch_related("services", "systems")
