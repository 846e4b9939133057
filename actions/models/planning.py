"""Actions in phases with dates."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned, next_number


class ImprovementPlan(Row, Versioned):
    """Several actions towards one goal. How far it is, is computed from them."""

    number = models.BigIntegerField(unique=True, editable=False, db_default=next_number("actions_plan_number"))
    title = models.CharField(_("title"), max_length=160)
    goal = models.TextField(_("goal"), max_length=4000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("owner")
    )

    class Meta:
        verbose_name = _("improvement plan")
        verbose_name_plural = _("improvement plans")
        ordering = ["-number"]
        indexes = [models.Index(fields=["created_at", "id"], name="improvement_plan_by_age")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people call it."""
        return f"IP-{self.number:04d}"

    def get_absolute_url(self) -> str:
        return reverse("improvement_plan", args=[self.reference])


class Phase(Row):
    """One stretch of time of an improvement plan."""

    plan = models.ForeignKey(ImprovementPlan, models.CASCADE, related_name="phases", verbose_name=_("improvement plan"))
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=120)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["plan", "position"]
        constraints = [
            models.CheckConstraint(
                name="phase_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A phase cannot end before it begins."),
            ),
            models.UniqueConstraint(
                name="phase_has_one_place", fields=["plan", "position"], deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return self.title
