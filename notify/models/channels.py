"""Where what concerns no single person is told, and what of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Service
from common.models import Row, Versioned
from common.sealed import SealedField
from common.text import safe_line
from notify.choices import ChannelKind


class Channel(Row, Versioned):
    """A web hook of a program, or the channel of a team in an app.

    `address` and the secrets are sealed; `address_shown` is what may be read of the address. While a secret is
    exchanged, the one before signs too, until `previous_until`. One that fails rests until `rests_until`.
    `losses` are the deliveries that were given up since the last one that was taken.
    """

    name = models.CharField(_("name"), max_length=120, unique=True, validators=[safe_line])
    kind = models.CharField(_("kind"), max_length=10, choices=ChannelKind, default=ChannelKind.HOOK)
    address = SealedField()
    address_shown = models.CharField(_("address"), max_length=250, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    is_on = models.BooleanField(_("on"), default=True)
    off_reason = models.CharField(_("switched off because"), max_length=250, blank=True, editable=False)
    secret = SealedField(blank=True)
    previous_secret = SealedField(blank=True, editable=False)
    previous_until = models.DateTimeField(_("the secret before counts until"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    losses = models.PositiveIntegerField(_("given up in a row"), default=0, editable=False)
    rests_until = models.DateTimeField(_("rests until"), null=True, editable=False)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="channel_by_age"),
        ]
        constraints = [
            models.CheckConstraint(name="channel_kind_is_known", condition=Q(kind__in=ChannelKind.values)),
            models.CheckConstraint(
                name="channel_of_a_program_has_a_secret", condition=~Q(kind=ChannelKind.HOOK) | ~Q(secret="")
            ),
            models.CheckConstraint(
                name="channel_secret_before_ends", condition=Q(previous_secret="") | Q(previous_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Subscription(Row, Versioned):
    """Which events a channel is told: of these kinds, severities and services. What is empty narrows nothing."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="subscriptions", verbose_name=_("channel"))
    kinds = models.JSONField(_("events"), default=list, blank=True)
    severities = models.JSONField(_("severities"), default=list, blank=True)
    services = models.ManyToManyField(Service, blank=True, related_name="+", verbose_name=_("services"))

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["channel__name", "created_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="subscription_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.channel)
