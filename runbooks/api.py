"""Emergency plans, as programs read them, and why a draft was written."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from actions.models import Action
from common.api import Input, NamedOut, Output, ReadViewSet, operation
from common.errors import NotAllowed
from runbooks import selectors, services
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


class CauseOut(Output):
    """An action for which a wording was written: publishing it verifies those that ask for a change of plan."""

    example = {"reference": "A-0007", "title": "Write the restore order of the archive into its plan"}

    reference = serializers.CharField()

    class Meta:
        model = Action
        fields = ["id", "reference", "title", "kind", "state"]


class CausesIn(Input):
    """All actions that the draft carries out, by their references; none takes them all away."""

    example = {"actions": ["A-0007"]}

    actions = serializers.ListField(child=serializers.CharField(max_length=20), max_length=100)


class VersionOut(Output):
    """A wording, with the digest of its texts once it is published, and why it was written."""

    example = {
        "number": 3,
        "state": "published",
        "sha256": "9f2c6d1e8b7a4f305c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7",
        "published_by": "Duty manager",
    }

    texts = TextOut(many=True)
    published_by = serializers.CharField(source="published_by.name", allow_null=True, default=None)
    because_of = serializers.SerializerMethodField()

    class Meta:
        model = PlanVersion
        fields = ["id", "number", "state", "sha256", "published_at", "published_by", "texts", "because_of"]

    @extend_schema_field(CauseOut(many=True))
    def get_because_of(self, version: PlanVersion) -> list[dict[str, Any]]:
        """The actions that it carries out, as far as the caller may see them."""
        return [dict(CauseOut(each).data) for each in version.seen_causes]  # type: ignore[attr-defined]  # prefetched


class PlanOut(Output):
    """A plan with what it is for. `in_force` is null before a version is published.

    `draft` is null where none was begun, and for those who only see what is in force.
    """

    example = {
        "reference": "PLAN-ARCHIVE",
    }

    services = NamedOut(many=True)
    systems = NamedOut(many=True)
    owner = NamedOut(allow_null=True)
    in_force = serializers.SerializerMethodField()
    draft = serializers.SerializerMethodField()

    class Meta:
        model = Plan
        fields = [
            "id", "reference", "scenario", "services", "systems", "owner", "in_force", "draft", "created_at", "version",
        ]  # fmt: skip

    @extend_schema_field(VersionOut(allow_null=True))
    def get_in_force(self, plan: Plan) -> dict[str, Any] | None:
        """The published version."""
        versions = plan.versions_in_force  # type: ignore[attr-defined]
        return VersionOut(versions[0]).data if versions else None

    @extend_schema_field(VersionOut(allow_null=True))
    def get_draft(self, plan: Plan) -> dict[str, Any] | None:
        """The wording that is being written."""
        versions = plan.drafts  # type: ignore[attr-defined]  # prefetched
        return VersionOut(versions[0]).data if versions else None


class Plans(ReadViewSet):
    """GET /api/v1/plans/"""

    queryset = Plan.objects.none()
    serializer_class = PlanOut
    about = gettext_lazy("Emergency plans, as they are in force.")
    lists = gettext_lazy("Emergency plans.")
    shows = gettext_lazy("One emergency plan with the wording in force.")
    filterset_fields = ["scenario", "services", "systems", "reference"]
    search_fields = ["reference", "versions__texts__title"]
    ordering_fields = ["created_at", "reference"]

    def get_queryset(self) -> QuerySet[Plan]:
        """What the caller may read."""
        return selectors.with_causes(selectors.visible_to(self.by), self.by).prefetch_related("services", "systems")

    @operation(
        gettext_lazy("Say which actions the draft of a plan carries out."),
        takes=CausesIn,
        gives=PlanOut,
        more=gettext_lazy(
            "By administrators, and the manager who answers for the plan. Publishing the draft verifies them."
        ),
    )
    @action(detail=True, methods=["post"], url_path="name-causes")
    def name_causes(self, request: Request, pk: str) -> Response:
        """Whole: what is left out is taken away."""
        plan = self.get_object()
        if not selectors.may_write(self.by, plan):
            raise NotAllowed
        references = self.checked(CausesIn, request)["actions"]
        causes = selectors.causes_named(self.by, references)
        if missing := [each for each in dict.fromkeys(references) if each not in causes]:
            said = [_("There is no action “%(reference)s”.") % {"reference": each} for each in missing]
            raise serializers.ValidationError({"actions": said})
        services.name_causes_of_draft(plan_id=plan.pk, actions=causes.values(), by=self.by)
        return self.answer(self.get_object())
