"""By when something has to happen, and who was told that it did not."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Service
from common.models import Row, Versioned
from incidents.clocks.choices import ClockKind, NoticeLevel
from incidents.models.incidents import Incident
from people.models import Calendar

LONGEST = timedelta(days=366)
SHORTEST = timedelta(minutes=1)
SPANS = ("acknowledge_within", "update_every", "resolve_within")


def _fits(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": SHORTEST, f"{name}__lte": LONGEST})


class ClockTarget(Row, Versioned):
    """What is promised for one severity, for all services or for one of them, whose own promise then counts alone.

    In force from `since` until `until`. A change leaves a row that says what was promised before, so that what is
    over is still held to what was promised then.
    """

    severity = models.PositiveSmallIntegerField(_("severity"), choices=[(each, str(each)) for each in range(1, 5)])
    service = models.ForeignKey(
        Service,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("Empty: for every service without a promise of its own."),
    )
    calendar = models.ForeignKey(
        Calendar,
        models.PROTECT,
        related_name="+",
        verbose_name=_("calendar"),
        help_text=_("Time counts only by its hours."),
    )
    acknowledge_within = models.DurationField(_("acknowledge within"), null=True, blank=True)
    update_every = models.DurationField(_("update every"), null=True, blank=True)
    resolve_within = models.DurationField(_("resolve within"), null=True, blank=True)
    since = models.DateTimeField(_("in force since"), default=timezone.now, editable=False)
    until = models.DateTimeField(_("in force until"), null=True, editable=False)

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["severity", "service__name"]
        indexes = [models.Index(fields=["created_at", "id"], name="clock_target_by_age")]
        constraints = [
            models.UniqueConstraint(
                fields=["severity", "service"],
                name="clock_target_one_in_force",
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                violation_error_message=_("There are time limits for this severity and service already."),
            ),
            models.CheckConstraint(
                name="clock_target_severity_is_1_to_4", condition=Q(severity__gte=1, severity__lte=4)
            ),
            *(
                models.CheckConstraint(
                    name=f"clock_target_{name}_fits",
                    condition=_fits(name),
                    violation_error_message=_("Give a time from one minute to 366 days."),
                )
                for name in SPANS
            ),
        ]

    def __str__(self) -> str:
        named = _("Severity %(severity)s") % {"severity": self.severity}
        return f"{named} · {self.service}" if self.service else str(named)


class Deadline(Row):
    """A moment by which one incident has to be resolved, set by hand. It never moves by itself."""

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="deadline", verbose_name=_("incident"))
    due_at = models.DateTimeField(_("has to be resolved by"))
    reason = models.CharField(_("why"), max_length=300)
    set_at = models.DateTimeField(default=timezone.now, editable=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("set by")
    )

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")

    def __str__(self) -> str:
        return f"{self.incident} · {self.due_at:%Y-%m-%d %H:%M}"


class ClockNotice(Row):
    """People were told that a clock is near its end, or over. Once for each clock, however often it is looked at.

    began_at: since when the clock looks, or the deadline: another one is told anew.  is_told: False for what was
    long over when it was first looked at.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="clock_notices")
    kind = models.CharField(_("clock"), max_length=12, choices=ClockKind)
    level = models.CharField(_("level"), max_length=4, choices=NoticeLevel)
    began_at = models.DateTimeField(_("counts since"))
    due_at = models.DateTimeField(_("was due"))
    is_told = models.BooleanField(_("told"), default=True)

    class Meta:
        verbose_name = _("notice of a time limit")
        verbose_name_plural = _("notices of time limits")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind", "level", "began_at"], name="clock_notice_is_given_once"
            ),
            models.CheckConstraint(name="clock_notice_kind_is_known", condition=Q(kind__in=ClockKind.values)),
            models.CheckConstraint(name="clock_notice_level_is_known", condition=Q(level__in=NoticeLevel.values)),
        ]

    def __str__(self) -> str:
        return f"{self.incident} · {self.get_kind_display()} · {self.get_level_display()}"


class ClockLook(models.Model):
    """When a live incident is looked at again. Only a hint: whoever looks counts from what happened.

    It is set to now by everything that happens to the incident, and comes round within an hour whatever happens.
    """

    incident = models.OneToOneField(Incident, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("next look at a clock")
        verbose_name_plural = _("next looks at clocks")

    def __str__(self) -> str:
        return f"{self.incident} · {self.at:%Y-%m-%d %H:%M}"
