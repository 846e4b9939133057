"""Teams, who belongs to them, and who leads them."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.models import Row, Versioned
from common.text import safe_line, safe_text
from people.models.persons import User


class Team(Row, Versioned):
    """People who work together. Its manager answers for it."""

    name = models.CharField(_("name"), max_length=120, validators=[safe_line])
    description = models.CharField(_("description"), max_length=300, blank=True, validators=[safe_text])
    manager = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="managed_teams", verbose_name=_("manager")
    )
    members = models.ManyToManyField(User, through="Membership", related_name="teams", verbose_name=_("members"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="team_by_age"),
            models.Index(fields=["name", "id"], name="team_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="team_name_is_one_teams",
                violation_error_message=_("There is a team of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Row):
    """One person in one team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", verbose_name=_("team"))
    person = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["team__name", "person__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"],
                name="membership_is_one_a_team_and_person",
                violation_error_message=_("This person is in the team already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} · {self.person}"
