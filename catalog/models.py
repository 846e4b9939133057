"""What the organisation runs, what it may lose, and what was really achieved."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.choices import Criticality, DependencyKind, Origin, Outcome
from common.models import Row, Versioned

ZERO = timedelta(0)


class Site(Row, Versioned):
    """A place where systems or copies stand."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    address = models.CharField(_("address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Targeted(models.Model):
    """Something with recovery targets. Empty means: no target set."""

    recovery_time_objective = models.DurationField(
        _("recovery time objective (RTO)"), null=True, blank=True, help_text=_("Longest time until it works again.")
    )
    recovery_point_objective = models.DurationField(
        _("recovery point objective (RPO)"),
        null=True,
        blank=True,
        help_text=_("Longest stretch of data that may be lost."),
    )

    class Meta:
        abstract = True


class Service(Row, Versioned, Targeted):
    """What the business needs, in the words of the business."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    criticality = models.CharField(_("criticality"), max_length=10, choices=Criticality, default=Criticality.NORMAL)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    maximum_tolerable_downtime = models.DurationField(
        _("maximum tolerable period of disruption (MTPD)"), null=True, blank=True
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="service_criticality_is_known", condition=Q(criticality__in=Criticality.values)
            ),
            models.CheckConstraint(
                name="service_targets_are_positive",
                condition=(Q(recovery_time_objective=None) | Q(recovery_time_objective__gt=ZERO))
                & (Q(recovery_point_objective=None) | Q(recovery_point_objective__gt=ZERO)),
                violation_error_message=_("A target must be longer than nothing."),
            ),
            models.CheckConstraint(
                name="service_rto_is_within_mtpd",
                condition=Q(recovery_time_objective=None)
                | Q(maximum_tolerable_downtime=None)
                | Q(recovery_time_objective__lte=F("maximum_tolerable_downtime")),
                violation_error_message=_("The RTO cannot be longer than the MTPD."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class System(Row, Versioned, Targeted):
    """What services run on: a database, a file share, an application, a machine."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="systems", verbose_name=_("site")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    release = models.CharField(
        _("release"),
        max_length=120,
        blank=True,
        help_text=_("Product and version, e.g. PostgreSQL 18.6. A new one makes proof stale."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("system")
        verbose_name_plural = _("systems")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="system_targets_are_positive",
                condition=(Q(recovery_time_objective=None) | Q(recovery_time_objective__gt=ZERO))
                & (Q(recovery_point_objective=None) | Q(recovery_point_objective__gt=ZERO)),
                violation_error_message=_("A target must be longer than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Dependency(Row):
    """One thing cannot work without another. Services and systems form a graph without cycles."""

    service = models.ForeignKey(Service, models.CASCADE, null=True, blank=True, related_name="needs")
    system = models.ForeignKey(System, models.CASCADE, null=True, blank=True, related_name="needs")
    on_service = models.ForeignKey(Service, models.CASCADE, null=True, blank=True, related_name="needed_by")
    on_system = models.ForeignKey(System, models.CASCADE, null=True, blank=True, related_name="needed_by")
    kind = models.CharField(_("kind"), max_length=10, choices=DependencyKind, default=DependencyKind.REQUIRED)

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        constraints = [
            models.CheckConstraint(
                name="dependency_has_one_dependent",
                condition=Q(service__isnull=True, system__isnull=False) | Q(service__isnull=False, system__isnull=True),
            ),
            models.CheckConstraint(
                name="dependency_has_one_need",
                condition=Q(on_service__isnull=True, on_system__isnull=False)
                | Q(on_service__isnull=False, on_system__isnull=True),
            ),
            models.CheckConstraint(
                name="dependency_system_needs_no_service", condition=Q(system=None) | Q(on_service=None)
            ),
            models.CheckConstraint(
                name="dependency_is_not_on_itself",
                condition=(Q(service=None) | Q(on_service=None) | ~Q(service=F("on_service")))
                & (Q(system=None) | Q(on_system=None) | ~Q(system=F("on_system"))),
            ),
            models.UniqueConstraint(
                name="dependency_is_written_once",
                fields=["service", "system", "on_service", "on_system"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="dependency_kind_is_known", condition=Q(kind__in=DependencyKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.service or self.system} → {self.on_service or self.on_system}"


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
