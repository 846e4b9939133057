"""What stands on what."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.choices import DependencyKind
from catalog.models.things import Service, System
from common.models import Row


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
        indexes = [
            models.Index(fields=["created_at", "id"], name="dependency_by_age"),
        ]
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
