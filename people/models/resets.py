"""Links to a new password that are still to be sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.leases import Leased
from common.models import Row
from people.models.persons import User


class PasswordReset(Row, Leased):
    """One link to a new password that somebody asked for and that is not sent yet. Sent, the row is gone."""

    person = models.OneToOneField(User, models.CASCADE, related_name="password_reset", verbose_name=_("person"))

    class Meta:
        verbose_name = _("link to a new password")
        verbose_name_plural = _("links to a new password")

    def __str__(self) -> str:
        return str(self.person)
