"""Others on whom services and systems stand, and papers that run out."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.choices import DocumentKind
from catalog.models.things import Service, System
from common.models import Row, StoredFile, Versioned

LONGEST_AHEAD = timedelta(days=366 * 50)


class Provider(Row, Versioned):
    """Somebody outside who carries services or systems: without them, these are down."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    contact = models.TextField(
        _("contact"), max_length=1000, blank=True, help_text=_("Whom to call at night: names, numbers, the portal.")
    )
    contract = models.CharField(
        _("contract"), max_length=200, blank=True, help_text=_("Number of the contract, and what it promises.")
    )
    notice_page = models.CharField(
        _("notice page"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Where the provider says what is wrong: an address with https."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    services = models.ManyToManyField(
        Service, blank=True, related_name="providers", verbose_name=_("services it carries")
    )
    systems = models.ManyToManyField(System, blank=True, related_name="providers", verbose_name=_("systems it carries"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["name"]
        indexes = [models.Index(fields=["created_at", "id"], name="provider_by_age")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog_provider", args=[self.pk])


class Document(Row, Versioned):
    """A contract, licence or certificate about one provider, service or system, and the last day it holds."""

    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind, default=DocumentKind.CONTRACT)
    number = models.CharField(_("number"), max_length=120, blank=True)
    provider = models.ForeignKey(
        Provider, models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("provider")
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("service")
    )
    system = models.ForeignKey(
        System, models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("system")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    expires_on = models.DateField(
        _("expires on"), null=True, blank=True, help_text=_("The last day on which it holds.")
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["title"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="document_by_age"),
            models.Index(fields=["expires_on"], name="document_by_end", condition=Q(is_active=True)),
        ]
        constraints = [
            models.CheckConstraint(name="document_kind_is_known", condition=Q(kind__in=DocumentKind.values)),
            models.CheckConstraint(
                name="document_is_about_one_thing",
                condition=Q(provider__isnull=False, service__isnull=True, system__isnull=True)
                | Q(provider__isnull=True, service__isnull=False, system__isnull=True)
                | Q(provider__isnull=True, service__isnull=True, system__isnull=False),
                violation_error_message=_("A document is about one provider, one service or one system."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A day so far ahead is a slip of the keys, or stands for never."""
        if self.expires_on and self.expires_on > timezone.now().date() + LONGEST_AHEAD:
            says = _("This is more than fifty years ahead. Check the year; what never runs out has no such day.")
            raise ValidationError({"expires_on": says})

    @property
    def about(self) -> Provider | Service | System:
        """What it is about."""
        found = self.provider or self.service or self.system
        if found is None:
            raise ValueError("The document is about nothing.")
        return found

    def get_absolute_url(self) -> str:
        return reverse("catalog_document", args=[self.pk])
