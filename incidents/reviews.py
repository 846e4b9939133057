"""Words of reviews, and the table of allowed moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewState(models.TextChoices):
    """Where a review stands."""

    DRAFT = "draft", pgettext_lazy("state of a review", "Draft")
    IN_REVIEW = "in_review", _("Waits for approval")
    SENT_BACK = "sent_back", _("Sent back")
    APPROVED = "approved", pgettext_lazy("state of a review", "Approved")


#: From each state, where a review may go next. The only place this is written.
NEXT = {
    ReviewState.DRAFT: {ReviewState.IN_REVIEW},
    ReviewState.IN_REVIEW: {ReviewState.APPROVED, ReviewState.SENT_BACK},
    ReviewState.SENT_BACK: {ReviewState.IN_REVIEW},
    ReviewState.APPROVED: set(),
}
#: Its words may still be changed.
WRITABLE = (ReviewState.DRAFT, ReviewState.SENT_BACK)


class CaseKind(models.TextChoices):
    """What kind of case it is to learn from: successes too."""

    FAILURE = "failure", _("Failure")
    NEAR_MISS = "near_miss", _("Near miss")
    HANDLED = "handled", _("Handled well")


#: What is written about an incident, in the order in which it is read: name of the column → most characters.
TEXTS = {
    "summary": 10_000,
    "impact": 4_000,
    "first_check": 10_000,
    "root_cause": 10_000,
    "handling": 20_000,
    "result": 10_000,
    "went_well": 10_000,
    "went_badly": 10_000,
    "lessons": 10_000,
}
#: Without these nobody can learn from it.
NEEDED = ("summary", "root_cause", "result", "lessons")
TITLE_LENGTH = 160
FACTOR_LENGTH = 500
MOST_FACTORS = 20
REASON_LENGTH = 4_000
#: state → (family, shape)
LOOKS = {
    ReviewState.DRAFT: ("mute", "s-open"),
    ReviewState.IN_REVIEW: ("hold", "s-review"),
    ReviewState.SENT_BACK: ("warn", "s-warn"),
    ReviewState.APPROVED: ("ok", "s-proven"),
}
