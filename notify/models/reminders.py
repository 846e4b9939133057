"""What has to be said before, at and after a day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Row
from notify.about import About
from notify.ladders import Rung


class Reminder(Row):
    """One person to be reminded of one thing: from days before it is due to days after, then their manager.

    `next_at` is when the next rung of the ladder is due; null when nothing more will be said.
    """

    kind = models.CharField(_("kind"), max_length=100)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    subject_label = models.CharField(_("about"), max_length=200)
    subject_url = models.CharField(max_length=300, blank=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders", verbose_name=_("to"))
    due_at = models.DateTimeField(_("due"))
    #: [[days from the due day, audience], …], the earliest first.
    ladder = models.JSONField(_("ladder"))
    context = models.JSONField(default=dict)
    rung = models.PositiveSmallIntegerField(_("next rung"), default=0)
    next_at = models.DateTimeField(_("next reminder"), null=True)
    last_told_at = models.DateTimeField(_("last reminded"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["next_at", "due_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="reminder_by_age"),
            models.Index(fields=["due_at", "id"], name="reminder_by_due"),
            models.Index(fields=["next_at"], name="reminder_next", condition=Q(next_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="reminder_is_one_a_subject_kind_and_person", fields=["subject_type", "subject_id", "kind", "to"]
            ),
            models.CheckConstraint(
                name="reminder_cancelled_says_nothing_more",
                condition=Q(cancelled_at__isnull=True) | Q(next_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.subject_label

    @property
    def rungs(self) -> list[Rung]:
        """The steps of its ladder, the earliest first."""
        return [Rung(days, audience) for days, audience in self.ladder]

    @property
    def about(self) -> About:
        """What it is about, as messages name it."""
        return About(self.subject_type, self.subject_id, self.subject_label, self.subject_url)
