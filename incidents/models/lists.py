"""Lists of incidents that people come back to."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned
from common.text import safe_line
from people.models import Team

QUERY_LENGTH = 1000


class SavedView(Row, Versioned):
    """The filters of a list under a name: one person's own, or shown to a team of theirs too."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="+", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=60, validators=[safe_line])
    query = models.CharField(_("filters"), max_length=QUERY_LENGTH)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("shared with the team")
    )

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        indexes = [models.Index(fields=["created_at", "id"], name="saved_view_by_age")]
        constraints = [
            models.UniqueConstraint(
                "owner",
                Lower("name"),
                name="saved_view_name_is_one_of_its_owner",
                violation_error_message=_("You have a view of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FirstView(Row):
    """With which view a person's list begins."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+", verbose_name=_("view"))

    class Meta:
        verbose_name = _("first view")
        verbose_name_plural = _("first views")

    def __str__(self) -> str:
        return f"{self.person}: {self.view}"
