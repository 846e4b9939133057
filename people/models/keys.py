"""Keys of programs, and how they are used."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Row
from people.choices import Role
from people.models.persons import User


class ApiKey(Row):
    """One key of one program. Only its hash is kept; it was shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys", verbose_name=_("program"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    scopes = models.JSONField(_("scopes"), default=list, blank=True)
    prefix = models.CharField(max_length=12, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(name="api_key_role_is_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(name="api_key_is_hashed", condition=Q(hash__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
