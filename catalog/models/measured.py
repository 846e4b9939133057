"""What was really achieved, and what it stood on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.choices import Origin, Outcome
from catalog.models.things import Service, System
from common.models import Row


class About(models.Model):
    """A row about one service or one system."""

    service = models.ForeignKey(Service, models.CASCADE, null=True, blank=True, related_name="%(class)s_set")
    system = models.ForeignKey(System, models.CASCADE, null=True, blank=True, related_name="%(class)s_set")

    class Meta:
        abstract = True


class RecoveryMeasurement(Row, About):
    """What one restore test, drill or incident really achieved. Written by the clock, never edited.

    `basis` is what the subject stood on when it was measured: {part: fingerprint}.
    `stream` is which way to recover it was tried, where a subject has several: `backups.policy:<id>`, or nothing.
    """

    origin = models.CharField(_("origin"), max_length=20, choices=Origin)
    reference = models.CharField(_("reference"), max_length=60)
    stream = models.CharField(max_length=120, blank=True, default="", editable=False)
    url = models.CharField(max_length=300)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    measured_at = models.DateTimeField(_("measured"))
    recovery_time = models.DurationField(_("recovery time"), null=True)
    data_loss = models.DurationField(_("data loss"), null=True)
    bytes = models.BigIntegerField(_("bytes"), null=True)
    basis = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("recovery measurement")
        verbose_name_plural = _("recovery measurements")
        ordering = ["-measured_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="measurement_by_age"),
            models.Index(fields=["measured_at", "id"], name="measurement_by_time"),
            models.Index(fields=["system", "-measured_at"], name="measurement_of_system"),
            models.Index(fields=["service", "-measured_at"], name="measurement_of_service"),
            models.Index(
                fields=["service", "system", "stream", "-measured_at", "-created_at", "id", "origin"],
                name="measurement_newest_of_stream",
                condition=~Q(outcome="error"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="measurement_has_one_subject",
                condition=Q(service__isnull=True, system__isnull=False) | Q(service__isnull=False, system__isnull=True),
            ),
            models.CheckConstraint(name="measurement_outcome_is_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(name="measurement_origin_is_known", condition=Q(origin__in=Origin.values)),
            models.CheckConstraint(
                name="measurement_passed_has_a_time", condition=~Q(outcome="pass") | Q(recovery_time__isnull=False)
            ),
            models.UniqueConstraint(
                name="measurement_is_written_once",
                fields=["origin", "reference", "service", "system"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.get_outcome_display()}"


class Basis(Row, About):
    """What recovery of one subject stands on now, one row a part: plan, system, backup method, dependency."""

    part = models.CharField(_("part"), max_length=120)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    label = models.CharField(_("label"), max_length=200)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("part that proof stands on")
        verbose_name_plural = _("parts that proof stands on")
        constraints = [
            models.CheckConstraint(
                name="basis_has_one_subject",
                condition=Q(service__isnull=True, system__isnull=False) | Q(service__isnull=False, system__isnull=True),
            ),
            models.UniqueConstraint(
                name="basis_has_one_row_a_part", fields=["service", "system", "part"], nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} · {self.label}"
