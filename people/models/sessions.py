"""Where people are signed in."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Row
from people.models.persons import User


class BrowserSession(Row):
    """One browser in which one person is signed in. The row is gone when the session is."""

    person = models.ForeignKey(User, models.CASCADE, related_name="browser_sessions", verbose_name=_("person"))
    #: Of Django's session; whoever knows it is signed in, so no page shows it.
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    device = models.CharField(_("device"), max_length=120)
    address = models.CharField(_("address"), max_length=45)
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), db_index=True)

    class Meta:
        verbose_name = _("signed-in browser")
        verbose_name_plural = _("signed-in browsers")
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return f"{self.person} · {self.device}"
