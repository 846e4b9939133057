"""How severe what is: one table for the whole organisation."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import Versioned


def _cell(label: object, default: int) -> models.PositiveSmallIntegerField:
    bounds = [MinValueValidator(1), MaxValueValidator(4)]
    return models.PositiveSmallIntegerField(label, default=default, validators=bounds)  # type: ignore[arg-type]


class SeverityMatrix(Versioned):
    """Which severity follows from which impact and urgency. One row; each column is one field of the table.

    `high_low` is high impact, low urgency. Nothing that is worse may be less severe: the database keeps that.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    high_high = _cell(_("high impact, high urgency"), 1)
    high_medium = _cell(_("high impact, medium urgency"), 2)
    high_low = _cell(_("high impact, low urgency"), 3)
    medium_high = _cell(_("medium impact, high urgency"), 2)
    medium_medium = _cell(_("medium impact, medium urgency"), 3)
    medium_low = _cell(_("medium impact, low urgency"), 4)
    low_high = _cell(_("low impact, high urgency"), 3)
    low_medium = _cell(_("low impact, medium urgency"), 4)
    low_low = _cell(_("low impact, low urgency"), 4)

    class Meta:
        verbose_name = _("severity matrix")
        verbose_name_plural = _("severity matrix")
        constraints = [
            models.CheckConstraint(name="severity_matrix_is_one", condition=Q(pk=1)),
            models.CheckConstraint(
                name="severity_matrix_is_from_1_to_4",
                # The best and the worst field bound all others, as they are in order.
                condition=Q(high_high__gte=1, low_low__lte=4),
            ),
            models.CheckConstraint(
                name="severity_matrix_worse_is_never_less_severe",
                condition=Q(
                    high_high__lte=F("high_medium"),
                    high_medium__lte=F("high_low"),
                    medium_high__lte=F("medium_medium"),
                    medium_medium__lte=F("medium_low"),
                    low_high__lte=F("low_medium"),
                    low_medium__lte=F("low_low"),
                )
                & Q(
                    high_high__lte=F("medium_high"),
                    medium_high__lte=F("low_high"),
                    high_medium__lte=F("medium_medium"),
                    medium_medium__lte=F("low_medium"),
                    high_low__lte=F("medium_low"),
                    medium_low__lte=F("low_low"),
                ),
                violation_error_message=_("What is worse may not be less severe. Look at the table again."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
