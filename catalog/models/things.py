"""What the organisation runs, where, and what it may lose."""

from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.choices import Criterion, Criticality, Level
from common import spans
from common.models import Row, Versioned
from people.models import EscalationPolicy

ZERO = timedelta(0)


class Site(Row, Versioned):
    """A place where systems or copies stand."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    address = models.CharField(_("address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="site_by_age"),
        ]

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
    minimum_objective = models.CharField(
        _("minimum business continuity objective (MBCO)"),
        max_length=300,
        blank=True,
        help_text=_("The least that must still be possible meanwhile, e.g. urgent payments by hand."),
    )
    review_every_days = models.PositiveSmallIntegerField(
        _("days between two reviews"),
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("How often the owner looks at this analysis again."),
    )
    escalation_policy = models.ForeignKey(
        EscalationPolicy,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("escalation policy"),
        help_text=_("Who is called when nobody takes an incident over. Empty: the organisation's default."),
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="service_by_age"),
        ]
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
            models.CheckConstraint(
                name="service_review_interval_is_possible",
                condition=Q(review_every_days__gte=1, review_every_days__lte=3650),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog_service", args=[self.pk])

    @property
    def review_due_on(self) -> date | None:
        """The day by which its analysis should be looked at again. None: nobody ever did."""
        return self.reviewed_on and self.reviewed_on + timedelta(days=self.review_every_days)


class Impact(Row):
    """How bad one thing has become once a service has been away for this long. It never falls with time."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="impacts", verbose_name=_("service"))
    criterion = models.CharField(_("what suffers"), max_length=10, choices=Criterion)
    after = models.DurationField(_("after"))
    level = models.PositiveSmallIntegerField(_("how bad"), choices=Level)
    note = models.CharField(
        _("in figures"), max_length=200, blank=True, help_text=_("What it costs, how many people, which duty.")
    )

    class Meta:
        verbose_name = _("impact over time")
        verbose_name_plural = _("impacts over time")
        ordering = ["criterion", "after"]
        constraints = [
            models.CheckConstraint(name="impact_criterion_is_known", condition=Q(criterion__in=Criterion.values)),
            models.CheckConstraint(name="impact_level_is_known", condition=Q(level__in=Level.values)),
            models.CheckConstraint(
                name="impact_is_after_some_time",
                condition=Q(after__gt=ZERO),
                violation_error_message=_("An impact is felt after some time."),
            ),
            models.UniqueConstraint(
                name="impact_is_said_once",
                fields=["service", "criterion", "after"],
                violation_error_message=_("This moment is already rated for this service."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} · {self.get_criterion_display()} · {spans.duration(self.after)}"


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
        indexes = [
            models.Index(fields=["created_at", "id"], name="system_by_age"),
        ]
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

    def get_absolute_url(self) -> str:
        return reverse("catalog_system", args=[self.pk])
