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
    #: Whose own key it is: it ends with the person, and with the person's role. Empty for keys of the organisation.
    owner = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="own_keys", verbose_name=_("own key of")
    )
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    scopes = models.JSONField(_("scopes"), default=list, blank=True)
    prefix = models.CharField(max_length=12, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    last_used_from = models.CharField(_("last used from"), max_length=45, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="api_key_by_age"),
        ]
        constraints = [
            models.CheckConstraint(name="api_key_role_is_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(name="api_key_is_hashed", condition=Q(hash__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def authority(self) -> str:
        """What it lets its program do, in words to compare: see `common.rest.idempotency`."""
        return " ".join([self.role, *self.scopes])


class KeyUse(models.Model):
    """How often one key was used on one day (UTC). Counted in the cache and written down every minute."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="uses", verbose_name=_("API key"))
    day = models.DateField(_("day"))
    count = models.PositiveBigIntegerField(_("uses"), default=0)
    address = models.CharField(_("last from"), max_length=45, blank=True)

    class Meta:
        verbose_name = _("use of a key")
        verbose_name_plural = _("uses of keys")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="key_use_is_one_a_day")]

    def __str__(self) -> str:
        return f"{self.key} · {self.day}"
