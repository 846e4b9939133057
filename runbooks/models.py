"""Emergency plans and the wordings of them that were published."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions.models import Action
from catalog.models import Service, System
from common.models import Row, Versioned
from runbooks.choices import Scenario, VersionState


class Plan(Row, Versioned):
    """What to do when something breaks, for the services and systems it names."""

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    scenario = models.CharField(_("scenario"), max_length=20, choices=Scenario, default=Scenario.OTHER)
    services = models.ManyToManyField(Service, blank=True, related_name="plans", verbose_name=_("services"))
    systems = models.ManyToManyField(System, blank=True, related_name="plans", verbose_name=_("systems"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["reference"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="plan_by_age"),
        ]
        constraints = [
            models.CheckConstraint(name="plan_scenario_is_known", condition=Q(scenario__in=Scenario.values)),
        ]

    def __str__(self) -> str:
        return self.reference


class PlanVersion(Row):
    """One wording of a plan. Never edited once it was published."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name=_("plan"))
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=12, choices=VersionState, default=VersionState.DRAFT)
    because_of = models.ManyToManyField(
        Action,
        blank=True,
        related_name="+",
        verbose_name=_("because of"),
        help_text=_("Actions that ask for this change: publishing this version verifies them."),
    )
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("plan version")
        verbose_name_plural = _("plan versions")
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(name="plan_version_number_is_one", fields=["plan", "number"]),
            models.UniqueConstraint(
                name="plan_has_one_published_version", fields=["plan"], condition=Q(state=VersionState.PUBLISHED)
            ),
            models.CheckConstraint(name="plan_version_state_is_known", condition=Q(state__in=VersionState.values)),
            models.CheckConstraint(
                name="plan_version_published_is_hashed",
                condition=~Q(state=VersionState.PUBLISHED) | (Q(published_at__isnull=False) & ~Q(sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} v{self.number}"


class PlanText(Row):
    """A version's title and text in one language, in Markdown."""

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="texts", verbose_name=_("version"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), max_length=100_000)

    class Meta:
        verbose_name = _("plan text")
        verbose_name_plural = _("plan texts")
        constraints = [models.UniqueConstraint(name="plan_text_is_one_a_language", fields=["version", "language"])]

    def __str__(self) -> str:
        return self.title
