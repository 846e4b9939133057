"""What everybody may know: services by their public names, what was published, and who asked to be told."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from catalog.models import Service
from common.models import Row, Versioned, longest
from common.text import safe_line, safe_text
from incidents.models.incidents import Incident
from incidents.models.updates import TEXT_LENGTH, TITLE_LENGTH, Update
from incidents.telling.choices import EFFECTS_TO_SAY, PageAudience, PublicState


def new_token() -> str:
    """Nobody can guess it."""
    return secrets.token_urlsafe(32)


class StatusPage(Versioned):
    """The one status page. `revision` counts what was changed on it: the snapshot names the one that it shows."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    audience = models.CharField(_("open to"), max_length=6, choices=PageAudience, default=PageAudience.STAFF)
    needs_second_person = models.BooleanField(
        _("a second person publishes"),
        default=False,
        help_text=_(
            "Nobody publishes what they wrote themselves. What concerns a major incident its commander decides."
        ),
    )
    takes_subscribers = models.BooleanField(_("takes subscriptions by e-mail"), default=True)
    revision = models.PositiveBigIntegerField(default=1, editable=False)
    begun_at = models.DateTimeField(_("kept since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("status page")
        verbose_name_plural = _("status page")
        constraints = [
            models.CheckConstraint(name="status_page_is_one", condition=Q(pk=1)),
            models.CheckConstraint(name="status_page_audience_is_known", condition=Q(audience__in=PageAudience.values)),
        ]

    def __str__(self) -> str:
        return str(_("Status page"))


class StatusEntry(Row, Versioned):
    """A line of the status page: what the public calls a service of ours, and since when its state is kept.

    Never deleted: what was published names it. One that is not shown any more keeps its history.
    """

    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("service")
    )
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    is_shown = models.BooleanField(_("shown"), default=True)
    since = models.DateTimeField(_("known since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("service on the status page")
        verbose_name_plural = _("services on the status page")
        ordering = ["position", "created_at"]

    def __str__(self) -> str:
        names = {each.language: each.name for each in self.names.all()}
        first = next(iter(names.values()), str(self.service or "–"))
        return names.get(translation.get_language() or "", first)


class StatusEntryName(Row):
    """What the public calls it in one language, and the group it stands in."""

    entry = models.ForeignKey(StatusEntry, models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    name = models.CharField(_("public name"), max_length=100, validators=[safe_line])
    group = models.CharField(_("group"), max_length=100, blank=True, validators=[safe_line])

    class Meta:
        verbose_name = _("public name")
        verbose_name_plural = _("public names")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(name="status_entry_has_one_name_a_language", fields=["entry", "language"]),
        ]

    def __str__(self) -> str:
        return self.name


class Publication(Row):
    """What the public knows of one incident: that it is there, since when, and where it stands.

    Its id stands in public addresses and tells nothing. Withdrawn, nothing of it is shown any more; shown again,
    nothing that was said before it was `published_at`.
    """

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="publication", verbose_name=_("incident"))
    began_at = models.DateTimeField(_("began"))
    published_at = models.DateTimeField(_("published"))
    changed_at = models.DateTimeField(_("newest news"))
    state = models.CharField(_("state"), max_length=13, choices=PublicState)
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdraw_reason = models.TextField(_("withdrawn because"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("published incident")
        verbose_name_plural = _("published incidents")
        ordering = ["-began_at"]
        indexes = [models.Index(fields=["-began_at"], name="publication_by_time")]
        constraints = [
            longest("publication_withdraw_reason_has_an_end", "withdraw_reason", 4000),
            models.CheckConstraint(name="publication_state_is_known", condition=Q(state__in=PublicState.values)),
            models.CheckConstraint(
                name="publication_resolved_has_a_time",
                condition=Q(state=PublicState.RESOLVED, resolved_at__isnull=False)
                | (~Q(state=PublicState.RESOLVED) & Q(resolved_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="publication_withdrawn_has_a_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdraw_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.incident)


class UpdateEffect(Row):
    """What an update to the public says of one service: so it is from then on, until the next one says otherwise."""

    update = models.ForeignKey(Update, models.CASCADE, related_name="effects")
    entry = models.ForeignKey(StatusEntry, models.PROTECT, related_name="effects", verbose_name=_("service"))
    effect = models.CharField(_("is"), max_length=11, choices=[(each.value, each.label) for each in EFFECTS_TO_SAY])

    class Meta:
        verbose_name = _("effect on a service")
        verbose_name_plural = _("effects on services")
        constraints = [
            models.UniqueConstraint(name="update_effect_is_one_a_service", fields=["update", "entry"]),
            models.CheckConstraint(
                name="update_effect_is_known", condition=Q(effect__in=[each.value for each in EFFECTS_TO_SAY])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} · {self.get_effect_display()}"


class PlannedWork(Row, Versioned):
    """Maintenance that the public is told of beforehand."""

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    entries = models.ManyToManyField(StatusEntry, blank=True, related_name="+", verbose_name=_("services"))
    is_called_off = models.BooleanField(_("called off"), default=False)

    class Meta:
        verbose_name = _("planned maintenance")
        verbose_name_plural = _("planned maintenance")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="planned_work_ends_after_it_starts", condition=Q(ends_at__gt=models.F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        texts = sorted(self.texts.all(), key=lambda each: each.language)
        return texts[0].title if texts else str(self.starts_at)


class PlannedWorkText(Row):
    """What the public reads of it in one language."""

    work = models.ForeignKey(PlannedWork, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, validators=[safe_line])
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, blank=True, validators=[safe_text])

    class Meta:
        verbose_name = _("text of planned maintenance")
        verbose_name_plural = _("texts of planned maintenance")
        ordering = ["language"]
        constraints = [
            longest("planned_work_text_has_an_end", "text", 10_000),
            models.UniqueConstraint(name="planned_work_has_one_text_a_language", fields=["work", "language"]),
        ]

    def __str__(self) -> str:
        return self.title


class StatusSubscriber(Row):
    """An address outside that asked to be told, and since when it is known that its owner did. Deleted when it ends."""

    address = models.EmailField(_("e-mail"), unique=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    class Meta:
        verbose_name = _("subscriber of the status page")
        verbose_name_plural = _("subscribers of the status page")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["asked_at"], name="subscriber_unconfirmed", condition=Q(confirmed_at=None))]
        constraints = [
            models.CheckConstraint(
                name="status_subscriber_address_is_lower_case", condition=Q(address=Lower("address"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address[:1]}•••@{self.address.rpartition('@')[2]}"
