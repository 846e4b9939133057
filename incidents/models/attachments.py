"""Files that belong to an incident: screenshots, scans, logs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row, StoredFile
from common.text import safe_line
from incidents.models.incidents import Incident
from incidents.models.timeline import TimelineEvent


class Attachment(Row):
    """One file of one incident. `name` is what its sender called it, made safe; its content says what it is.

    `is_from_reporter`: sent by whoever reported it, so those who only joined do not get it. `by_link`: by somebody
    of whom only the tracking link is known. `evidence_item` names the item of a checklist that it answers, if one.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="attachments", verbose_name=_("incident"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    event = models.OneToOneField(
        TimelineEvent,
        models.CASCADE,
        related_name="attachment",
        verbose_name=_("entry of the timeline"),
    )
    name = models.CharField(_("name"), max_length=200, validators=[safe_line])
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    by_label = models.CharField(_("by"), max_length=200, blank=True)
    by_link = models.BooleanField(default=False)
    at = models.DateTimeField(_("added"), default=timezone.now)
    is_from_reporter = models.BooleanField(_("from the reporter"), default=False)
    is_public = models.BooleanField(_("shown to the reporter"), default=False)
    evidence_item = models.CharField(_("item of the evidence"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["at", "created_at"]
        indexes = [models.Index(fields=["incident", "at"], name="attachment_of_incident")]
        constraints = [
            models.CheckConstraint(name="attachment_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="attachment_by_link_has_no_person", condition=Q(by_link=False) | Q(added_by=None, is_public=True)
            ),
            models.CheckConstraint(
                name="attachment_of_the_reporter_is_shown_to_the_reporter",
                condition=Q(is_from_reporter=False) | Q(is_public=True),
            ),
        ]

    @property
    def is_picture(self) -> bool:
        """Whether a browser may show it: its content is that of a picture."""
        return self.file.content_type in PICTURES

    @property
    def sha256(self) -> str:
        """The digest of its bytes."""
        return self.file.sha256

    def get_absolute_url(self) -> str:
        """Where those who read the incident find it."""
        return reverse("incident_file", args=[self.incident.reference, self.pk])

    @property
    def tracking_url(self) -> str:
        """Where it is found from the page of the person who reported it."""
        return reverse("tracking_file", args=[self.incident.tracking_token, self.pk])

    def __str__(self) -> str:
        return self.name


#: What browsers show without running anything in it.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
