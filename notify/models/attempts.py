"""What came of each try to hand a delivery over."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.models import Row
from notify.choices import Outcome, Way
from notify.models.channels import Channel
from notify.models.messages import Delivery

TAKEN = Q(outcome=Outcome.TAKEN)


class Attempt(Row):
    """One try of one delivery: that it ended (`created_at`), how long it took, and what the other side said.

    `status` and `text` are what came back, without what may be a secret; null and empty where nothing did. `error` is
    why it was not taken, in the words of the network or of the other side. `way` and `channel` are the delivery's: by
    them it is seen how a channel does. Never changed; kept for a while.
    """

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts", verbose_name=_("delivery"))
    way = models.CharField(_("way"), max_length=10, choices=Way)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="+", verbose_name=_("channel"))
    took = models.DurationField(_("took"), null=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    text = models.CharField(_("answer"), max_length=500, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["delivery", "-created_at"], name="attempt_of_delivery"),
            models.Index(fields=["created_at", "id"], name="attempt_by_age"),
            models.Index(fields=["way", "-created_at"], name="attempt_taken_by_way", condition=TAKEN),
            models.Index(fields=["way", "-created_at"], name="attempt_failed_by_way", condition=~TAKEN),
            models.Index(fields=["channel", "-created_at"], name="attempt_taken_by_channel", condition=TAKEN),
            models.Index(fields=["channel", "-created_at"], name="attempt_failed_by_channel", condition=~TAKEN),
        ]
        constraints = [
            models.CheckConstraint(name="attempt_outcome_is_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="attempt_status_has_three_digits", condition=Q(status=None) | Q(status__gte=100, status__lt=1000)
            ),
            models.CheckConstraint(
                name="attempt_taken_has_no_error", condition=~Q(outcome=Outcome.TAKEN) | Q(error="")
            ),
            models.CheckConstraint(
                name="attempt_took_no_negative_time", condition=Q(took=None) | Q(took__gte=timedelta(0))
            ),
        ]

    @property
    def took_words(self) -> str:
        """How long it took, as people say it."""
        seconds = self.took.total_seconds() if self.took else 0
        return gettext("%(count)s s") % {"count": number_format(seconds, 2 if seconds < 10 else 0)}

    def __str__(self) -> str:
        return f"{self.delivery_id} · {self.get_outcome_display()}"
