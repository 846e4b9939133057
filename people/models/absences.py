"""Who is away, and who acts for them meanwhile."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import Row
from people.models.persons import User


class Absence(Row):
    """A time in which somebody is away. From `starts_at` on, until `ends_at` or until it is ended early."""

    person = models.ForeignKey(User, models.CASCADE, related_name="absences", verbose_name=_("person"))
    substitute = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="substitutions",
        verbose_name=_("substitute"),
        help_text=_("Acts for the person wherever an approval, a review, an action or a duty asks."),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    ended_early_at = models.DateTimeField(_("ended early"), null=True, editable=False)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-starts_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="absence_by_age"),
            models.Index(fields=["starts_at", "id"], name="absence_by_start"),
            models.Index(fields=["ends_at"], name="absence_not_over", condition=Q(ended_early_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("An absence ends after it starts."),
            ),
            models.CheckConstraint(
                name="absence_has_another_as_substitute",
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("person")),
                violation_error_message=_("Somebody else must be the substitute."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.starts_at:%Y-%m-%d}"

    def is_in_force(self, now: datetime) -> bool:
        """Whether the person is away at this moment."""
        return self.ended_early_at is None and self.starts_at <= now < self.ends_at

    def is_over(self, now: datetime) -> bool:
        """Whether it has passed, or was ended early."""
        return self.ended_early_at is not None or self.ends_at <= now
