"""Who does what in a major incident."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row
from incidents.choices import RoleName
from incidents.models.incidents import Incident


class IncidentRole(Row):
    """One person in one role of one incident, from `since` until `until`; null: until now.

    Who commands is not the one in charge, who resolves: a trigger refuses it from both sides.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="roles", verbose_name=_("incident"))
    role = models.CharField(_("role"), max_length=15, choices=RoleName)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="incident_roles", verbose_name=_("person")
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True)

    class Meta:
        verbose_name = _("role in an incident")
        verbose_name_plural = _("roles in incidents")
        ordering = ["since", "role"]
        indexes = [models.Index(fields=["person"], name="incident_role_held", condition=Q(until__isnull=True))]
        constraints = [
            models.CheckConstraint(name="incident_role_is_known", condition=Q(role__in=RoleName.values)),
            models.CheckConstraint(
                name="incident_role_ends_after_it_begins", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(
                name="incident_role_has_one_holder", fields=["incident", "role"], condition=Q(until__isnull=True)
            ),
            models.UniqueConstraint(
                name="incident_commander_has_another_deputy",
                fields=["incident", "person"],
                condition=Q(until__isnull=True, role__in=[RoleName.COMMANDER, RoleName.DEPUTY]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.person}"
