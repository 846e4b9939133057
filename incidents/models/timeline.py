"""What happened to an incident, one entry after the other."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row, longest
from incidents import texts
from incidents.choices import EventKind
from incidents.models.incidents import Incident


class TimelineEvent(Row):
    """One thing that happened to an incident. Only added. `values` fill the sentence of its kind.

    version: of the incident once it had happened; null before Holdfast wrote it down.
    changes: {column: {"from", "to"}} of what it changed, rows by their ids; read by whoever changed the same at once.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="events", verbose_name=_("incident"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_label = models.CharField(_("by"), max_length=200, blank=True)
    text = models.TextField(_("text"), max_length=10_000, blank=True)
    values = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    is_public = models.BooleanField(_("shown to the reporter"), default=False)
    version = models.PositiveIntegerField(null=True, editable=False)
    changes = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("timeline event")
        verbose_name_plural = _("timeline events")
        ordering = ["-at", "-created_at"]
        indexes = [models.Index(fields=["incident", "-at"], name="event_of_incident")]
        constraints = [
            models.CheckConstraint(name="timeline_event_kind_is_known", condition=Q(kind__in=EventKind.values)),
            longest("timeline_event_text_has_an_end", "text", 10_000),
        ]

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language. What a person wrote stands in `text`."""
        return texts.event(self.kind, self.values)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.incident}"
