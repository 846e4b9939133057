"""Whose house this is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Versioned
from common.text import safe_line


class Organisation(Versioned):
    """The one organisation of this installation, once somebody named it. Until then the settings say who it is.

    `held_since`: it came back from a copy of `copy_taken_at` then, and nothing goes out or begins by itself until an
    administrator says that this is the house that goes on.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=60, validators=[safe_line])
    time_zone = models.CharField(_("time zone"), max_length=60)
    anyone_may_report = models.BooleanField(
        _("anyone may report problems"),
        default=False,
        help_text=_(
            "Without an account: by whoever reaches this address, or writes to a mailbox that is read here. "
            "Known problems are named by their public title."
        ),
    )
    set_up_at = models.DateTimeField(_("set up"), null=True, editable=False)
    set_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    held_since = models.DateTimeField(_("held since"), null=True, editable=False)
    copy_taken_at = models.DateTimeField(_("came back as it was at"), null=True, editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [
            models.CheckConstraint(name="organisation_is_one", condition=Q(pk=1)),
            models.CheckConstraint(
                name="organisation_held_came_from_a_copy",
                condition=Q(held_since=None) | Q(copy_taken_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
