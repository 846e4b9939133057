"""What comes with a report: files that wait for it to be sent, and what its reporter thinks at the end."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import Row, StoredFile, longest
from common.text import safe_line, safe_text
from incidents.choices import Stars
from incidents.models.incidents import Incident


class Upload(Row):
    """One file that was sent before its report: kept with the form until that is sent, or for a day.

    `form` is the unguessable key of one form in one browser; `person` who is signed in there.
    """

    form = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, validators=[safe_line])

    class Meta:
        verbose_name = _("file of an unsent report")
        verbose_name_plural = _("files of unsent reports")
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["form", "created_at"], name="upload_of_form"),
            models.Index(fields=["created_at"], name="upload_by_age"),
        ]
        constraints = [models.CheckConstraint(name="upload_belongs_to_a_form", condition=~Q(form=""))]

    def __str__(self) -> str:
        return self.name


class Rating(Row):
    """What whoever reported it thinks of how it was handled: one for each incident, from 1 to 5."""

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="rating", verbose_name=_("incident"))
    stars = models.PositiveSmallIntegerField(_("rating"), choices=Stars)
    text = models.TextField(_("words"), max_length=2000, blank=True, validators=[safe_text])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["created_at", "id"], name="rating_by_age")]
        constraints = [
            models.CheckConstraint(name="rating_is_1_to_5", condition=Q(stars__in=Stars.values)),
            models.CheckConstraint(name="rating_is_changed_later", condition=Q(changed_at__gte=F("created_at"))),
            longest("rating_text_has_an_end", "text", 2000),
        ]

    def __str__(self) -> str:
        return f"{self.incident} · {self.stars}"
