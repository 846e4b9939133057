"""/api/v1/incident-reviews/ and /api/v1/incident-figures/"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import (
    ApiView,
    Filters,
    Input,
    MultipleChoiceFilter,
    NamedOut,
    Output,
    ReadViewSet,
    expected_version,
    operation,
    seen_version,
)
from common.errors import NotAllowed
from incidents import selectors, services
from incidents.choices import Category
from incidents.models import Review
from incidents.reviews import FACTOR_LENGTH, MOST_FACTORS, TEXTS, TITLE_LENGTH, CaseKind, ReviewState
from incidents.selectors.figures import UNITS, FiguresWanted


class ReviewOut(Output):
    """What an incident taught. Approved, it is a case of the library."""

    called = "IncidentReviewOut"
    example = {
        "incident": "INC-0042",
        "state": "approved",
        "kind": "failure",
        "category": "operator",
        "title": "Invoices were missing",
        "summary": "The archive was empty.",
        "impact": "Accounting could not pay for a day.",
        "first_check": "The folder of the archive was empty.",
        "root_cause": "A cleaning job removed what it should keep.",
        "handling": "Restored from Sunday’s copy.",
        "result": "All invoices are back.",
        "factors": ["The job had no test."],
        "went_well": "The restore took 40 minutes.",
        "went_badly": "Nobody told accounting for two hours.",
        "lessons": "Ask before you clean.",
        "sent_back_reason": "",
    }

    incident = serializers.CharField(source="incident.reference")
    category = serializers.CharField(source="incident.category")
    factors = serializers.ListField(child=serializers.CharField())
    author = NamedOut(allow_null=True)
    approved_by = NamedOut(allow_null=True)

    class Meta:
        model = Review
        fields = [
            "id", "incident", "state", "kind", "category", "title", *TEXTS, "factors", "author", "submitted_at",
            "sent_back_reason", "approved_by", "approved_at", "created_at", "version",
        ]  # fmt: skip


class ReviewIn(Input):
    """What is written. What is not named stays."""

    called = "IncidentReviewIn"
    example = {name: ReviewOut.example[name] for name in ("title", "kind", "category", *TEXTS, "factors")}

    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    kind = serializers.ChoiceField(choices=CaseKind.choices, required=False)
    category = serializers.ChoiceField(choices=Category.choices, required=False, allow_blank=True)
    factors = serializers.ListField(
        child=serializers.CharField(max_length=FACTOR_LENGTH), max_length=MOST_FACTORS, required=False
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """The texts, each with its length."""
        texts = {
            name: serializers.CharField(max_length=length, required=False, allow_blank=True)
            for name, length in TEXTS.items()
        }
        return {**super().get_fields(), **texts}


class SendBackIn(Input):
    """What is missing."""

    called = "IncidentReviewSendBackIn"
    example = {"reason": "Say which job it was."}

    reason = serializers.CharField(max_length=4000)


class ReviewFilter(Filters):
    """`state` and `kind` may be named several times."""

    state = MultipleChoiceFilter(choices=ReviewState.choices)
    kind = MultipleChoiceFilter(choices=CaseKind.choices)
    category = MultipleChoiceFilter(field_name="incident__category", choices=Category.choices)

    class Meta:
        model = Review
        fields = ["state", "kind", "category"]


class Reviews(ReadViewSet):
    """/api/v1/incident-reviews/: begun at the incident; written, sent, approved and sent back here."""

    queryset = Review.objects.none()
    serializer_class = ReviewOut
    about = _("What incidents taught. The approved ones are the case library.")
    lists = _("Reviews.")
    shows = _("One review.")
    filterset_class = ReviewFilter
    search_fields = ["title", "root_cause", "lessons"]
    ordering_fields = ["created_at"]

    def get_queryset(self) -> QuerySet[Review]:
        """What the caller may see."""
        return selectors.visible_reviews(self.by).select_related("author", "approved_by")

    @operation(_("Write a review."), takes=ReviewIn, gives=ReviewOut, more=_("Who writes it does not approve it."))
    def partial_update(self, request: Request, pk: str) -> Response:
        """Write it. Needs If-Match."""
        review, version = self._acted_on(), expected_version(request)
        changes = self.checked(ReviewIn, request)
        return self.answer(services.write_review(review_id=review.pk, by=self.by, changes=changes, version=version))

    @operation(_("Send a review for approval."), gives=ReviewOut)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Send it for approval."""
        return self._carry_out(services.submit_review, request)

    @operation(
        _("Approve a review: it closes the incident and stands in the case library."),
        gives=ReviewOut,
        more=_("Not by those who wrote it, nor by who was in charge of the incident."),
    )
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve it."""
        return self._carry_out(services.approve_review, request)

    @operation(_("Send a review back, with what is missing."), takes=SendBackIn, gives=ReviewOut)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Send it back."""
        return self._carry_out(services.send_back_review, request, SendBackIn)

    def _acted_on(self) -> Review:
        review: Review = self.get_object()
        if not selectors.writes_reviews(self.by):
            raise NotAllowed
        return review

    def _carry_out(self, service: Any, request: Request, body: type[Input] | None = None) -> Response:
        review, version = self._acted_on(), seen_version(request)
        given = self.checked(body, request) if body else {}
        return self.answer(service(review_id=review.pk, by=self.by, version=version, **given))


class TimeOut(serializers.Serializer):
    """One measure. Null where nothing was measured; `known` says of how many incidents it is."""

    example = {"known": 9, "median": "00:40:00", "p90": "03:10:00"}

    known = serializers.IntegerField()
    median = serializers.DurationField(allow_null=True)
    p90 = serializers.DurationField(allow_null=True)


class TimesOut(serializers.Serializer):
    """From the report on: until it was taken over, until the worst was over, until all works again."""

    acknowledge = TimeOut()
    mitigate = TimeOut()
    resolve = TimeOut()


class FigureOut(serializers.Serializer):
    """One row. `period` null: the whole span; `severity` null: all."""

    example = {"severity": None, "count": 12, "reopened": 1}

    period = serializers.DateTimeField(allow_null=True)
    severity = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()
    reopened = serializers.IntegerField()
    times = TimesOut()


class RecurringOut(serializers.Serializer):
    """What came back, and how often."""

    label = serializers.CharField()  # type: ignore[assignment]  # of the row, not of the field
    count = serializers.IntegerField()
    last_at = serializers.DateTimeField()


class FiguresOut(serializers.Serializer):
    """How long it takes, and what comes back, as it stood at `as_of`: of very many, up to five minutes ago."""

    example = {"unit": "month"}

    unit = serializers.ChoiceField(choices=list(UNITS))
    as_of = serializers.DateTimeField()
    since = serializers.DateTimeField()
    rows = FigureOut(many=True)
    categories = RecurringOut(many=True)
    causes = RecurringOut(many=True)
    systems = RecurringOut(many=True)


class IncidentFigures(ApiView):
    """/api/v1/incident-figures/<month or quarter>/"""

    words: ClassVar[dict[str, Sequence[str]]] = {"unit": list(UNITS)}
    about = _("Times to take over, mitigate and resolve, by severity and period, and what comes back.")

    @operation(
        _("Figures by month (twelve) or by quarter (eight)."),
        gives=FiguresOut,
        more=_("Exercises, cancelled and merged incidents do not count. What is unknown is counted as unknown."),
    )
    def get(self, request: Request, unit: str) -> Response:
        """The figures of what the caller may see."""
        if unit not in UNITS or not selectors.sees_figures(request.user):
            raise NotFound
        found = selectors.recent_figures(request.user, FiguresWanted(unit), timezone.now())
        return Response(FiguresOut(found).data)
