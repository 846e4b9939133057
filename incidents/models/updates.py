"""What people were told about an incident, from which texts, and who else wants to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned, longest
from common.text import safe_line, safe_text
from incidents.models.incidents import Incident
from incidents.telling.choices import Audience, PublicState, Stage
from people.models import Team

TITLE_LENGTH = 160
TEXT_LENGTH = 10_000


class Update(Row):
    """News about an incident for one audience. Its words stand in `UpdateText`, one row a language. Never edited.

    One for the status page that somebody else has to approve waits; nobody was told of it before it was sent.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="updates", verbose_name=_("incident"))
    audience = models.CharField(_("audience"), max_length=12, choices=Audience)
    public_state = models.CharField(_("state"), max_length=13, choices=PublicState, blank=True)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, default=Stage.SENT)
    at = models.DateTimeField(_("at"), default=timezone.now)
    expected_at = models.DateTimeField(_("expected to be over"), null=True)
    next_at = models.DateTimeField(_("next news by"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    by_label = models.CharField(_("by"), max_length=200, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("approved or declined by"),
    )
    settled_at = models.DateTimeField(_("approved or declined"), null=True)
    decline_reason = models.TextField(_("declined because"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-at", "-created_at"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="update_by_age"),
            models.Index(fields=["incident", "-at"], name="update_of_incident"),
            models.Index(fields=["at"], name="update_waiting", condition=Q(stage="waiting")),
        ]
        constraints = [
            longest("update_decline_reason_has_an_end", "decline_reason", 4000),
            models.CheckConstraint(name="update_audience_is_known", condition=Q(audience__in=Audience.values)),
            models.CheckConstraint(name="update_stage_is_known", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="update_public_has_a_state",
                condition=Q(audience=Audience.PUBLIC, public_state__in=PublicState.values)
                | (~Q(audience=Audience.PUBLIC) & Q(public_state="")),
            ),
            models.CheckConstraint(
                name="update_waiting_is_public", condition=Q(stage=Stage.SENT) | Q(audience=Audience.PUBLIC)
            ),
            models.CheckConstraint(
                name="update_declined_has_a_reason", condition=~Q(stage=Stage.DECLINED) | ~Q(decline_reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} · {self.get_audience_display()}"


class UpdateText(Row):
    """The words of an update in one language. The title is what the public reads above it."""

    update = models.ForeignKey(Update, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True, validators=[safe_line])
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, validators=[safe_text])

    class Meta:
        verbose_name = _("text of an update")
        verbose_name_plural = _("texts of updates")
        ordering = ["language"]
        constraints = [
            longest("update_text_has_an_end", "text", 10_000),
            models.UniqueConstraint(name="update_text_is_one_a_language", fields=["update", "language"]),
            models.CheckConstraint(name="update_text_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.update} · {self.get_language_display()}"


class UpdateTemplate(Row, Versioned):
    """A text of the organisation's own to begin an update with, in one language: placeholders such as `{since}`.

    `code` ties the languages of one text together; with the code of one of the product's texts it replaces that.
    """

    code = models.SlugField(_("code"), max_length=40)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience)
    public_state = models.CharField(_("state"), max_length=13, choices=PublicState, blank=True)
    name = models.CharField(_("name"), max_length=60, validators=[safe_line])
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True, validators=[safe_line])
    text = models.TextField(_("text"), max_length=4000, validators=[safe_text])
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("text for updates")
        verbose_name_plural = _("texts for updates")
        ordering = ["audience", "code", "language"]
        constraints = [
            longest("update_template_has_an_end", "text", 4000),
            models.UniqueConstraint(
                name="update_template_is_one_a_code_and_language",
                fields=["code", "language"],
                violation_error_message=_("There is a text with this code in this language already."),
            ),
            models.CheckConstraint(
                name="update_template_public_has_a_state",
                condition=Q(audience=Audience.PUBLIC, public_state__in=PublicState.values)
                | (Q(audience__in=[Audience.REPORTERS, Audience.STAKEHOLDERS]) & Q(public_state="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.get_language_display()}"


class Stakeholder(Row):
    """A person, or everybody of a team, who is told of one incident by name."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="stakeholders", verbose_name=_("incident"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team"))

    class Meta:
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                name="stakeholder_is_named_once", fields=["incident", "person", "team"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="stakeholder_is_a_person_or_a_team",
                condition=Q(person__isnull=False, team__isnull=True) | Q(person__isnull=True, team__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.team)


class NewsSubscription(Row, Versioned):
    """A person who is told of every incident of these severities that touches these services.

    What is empty narrows nothing. Restricted incidents are told to nobody by this.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    severities = models.JSONField(_("severities"), default=list, blank=True)
    services = models.ManyToManyField("catalog.Service", blank=True, related_name="+", verbose_name=_("services"))

    class Meta:
        verbose_name = _("subscription of a stakeholder")
        verbose_name_plural = _("subscriptions of stakeholders")
        ordering = ["person__name"]

    def __str__(self) -> str:
        return str(self.person)
