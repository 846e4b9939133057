"""What people enter when an incident moves from state to state."""

from django.utils.translation import gettext_lazy as _

from incidents.forms.changing import ChangeForm, ReasonForm
from incidents.forms.fields import TOLD_TO_ALL, TRIED_LENGTH, When, text


class HoldForm(ReasonForm):
    """Waiting, with an end."""

    resume_at = When(label=_("Go on at"), help_text=_("Then it becomes active by itself, and people are told."))


class ResolveForm(ChangeForm):
    """It works again."""

    text = text(_("What was done?"), TRIED_LENGTH, rows=3, required=False, help_text=TOLD_TO_ALL)
