"""What an incident taught: written once, approved by somebody else, found again when it is needed."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned, longest
from incidents.errors import ReviewCannotMove
from incidents.models.incidents import Incident
from incidents.reviews import FACTOR_LENGTH, MOST_FACTORS, NEXT, TEXTS, TITLE_LENGTH, WRITABLE, CaseKind, ReviewState


def _person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=label
    )


class NotAmong(Func):
    """Whether a value is none of those in a list; nothing is none of them."""

    template = "NOT (%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = models.BooleanField()


class Review(Row, Versioned):
    """What there is to learn from one incident; once approved, a case of the library, not changed any more.

    `barred` are the ids of those who may not approve it: who wrote it, and who was ever in charge of the incident.
    """

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="review", verbose_name=_("incident"))
    state = models.CharField(_("state"), max_length=10, choices=ReviewState, default=ReviewState.DRAFT, editable=False)
    kind = models.CharField(_("kind of case"), max_length=10, choices=CaseKind, default=CaseKind.FAILURE)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    summary = models.TextField(_("what happened"), max_length=TEXTS["summary"], blank=True)
    impact = models.TextField(_("what it meant for people"), max_length=TEXTS["impact"], blank=True)
    first_check = models.TextField(_("what was checked first"), max_length=TEXTS["first_check"], blank=True)
    root_cause = models.TextField(_("cause"), max_length=TEXTS["root_cause"], blank=True)
    handling = models.TextField(_("what was done"), max_length=TEXTS["handling"], blank=True)
    result = models.TextField(_("result"), max_length=TEXTS["result"], blank=True)
    factors = ArrayField(
        models.CharField(max_length=FACTOR_LENGTH),
        verbose_name=_("what contributed"),
        size=MOST_FACTORS,
        default=list,
        blank=True,
    )
    went_well = models.TextField(_("what went well"), max_length=TEXTS["went_well"], blank=True)
    went_badly = models.TextField(_("what did not"), max_length=TEXTS["went_badly"], blank=True)
    lessons = models.TextField(_("lessons"), max_length=TEXTS["lessons"], blank=True)
    author = _person(_("begun by"))
    written_by = _person(_("last written by"))
    barred = ArrayField(models.UUIDField(), default=list, editable=False)
    submitted_at = models.DateTimeField(_("sent for approval"), null=True, editable=False)
    submitted_by = _person(_("sent by"))
    sent_back_reason = models.TextField(_("why it was sent back"), max_length=4000, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = _person(_("approved by"))

    class Meta:
        verbose_name = _("review of an incident")
        verbose_name_plural = _("reviews of incidents")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="review_by_age"),
            models.Index(fields=["-approved_at"], name="case_by_time", condition=Q(state=ReviewState.APPROVED)),
        ]
        constraints = [
            longest("review_sent_back_reason_has_an_end", "sent_back_reason", 4000),
            models.CheckConstraint(name="review_state_is_known", condition=Q(state__in=ReviewState.values)),
            models.CheckConstraint(name="review_kind_is_known", condition=Q(kind__in=CaseKind.values)),
            models.CheckConstraint(
                name="review_approved_has_a_time",
                condition=~Q(state=ReviewState.APPROVED) | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_sent_back_has_a_reason",
                condition=~Q(state=ReviewState.SENT_BACK) | ~Q(sent_back_reason=""),
            ),
            models.CheckConstraint(
                name="review_is_approved_by_another",
                condition=NotAmong(F("approved_by"), F("barred")),
                violation_error_message=_("Another person has to approve it."),
            ),
            models.CheckConstraint(name="review_factors_are_few", condition=Q(factors__len__lte=MOST_FACTORS)),
            *(
                models.CheckConstraint(
                    name=f"review_{name}_has_its_length", condition=LessThanOrEqual(Length(name), length)
                )
                for name, length in TEXTS.items()
            ),
        ]

    def __str__(self) -> str:
        return self.incident.reference

    @property
    def is_writable(self) -> bool:
        """Whether its words may still be changed."""
        return self.state in WRITABLE

    @property
    def is_case(self) -> bool:
        """Whether it stands in the library."""
        return self.state == ReviewState.APPROVED

    def get_absolute_url(self) -> str:
        return reverse("case" if self.is_case else "incident_review", args=[self.incident.reference])

    def check_can_become(self, wanted: ReviewState) -> None:
        """Raises ReviewCannotMove when it may not go there from where it stands."""
        if wanted not in NEXT[ReviewState(self.state)]:
            raise ReviewCannotMove(now=ReviewState(self.state).label, wanted=wanted.label)
