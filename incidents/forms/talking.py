"""What people write to those who reported it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.forms.changing import ChangeForm
from incidents.forms.fields import DESCRIPTION_LENGTH, TOLD_TO_ALL, When, text
from incidents.models import Incident


class UpdateForm(ChangeForm):
    """News for the people who reported it."""

    text = text(_("What should people know?"), DESCRIPTION_LENGTH, help_text=TOLD_TO_ALL)
    expected_at = When(label=_("When should it be over?"), required=False)
    public_title = forms.CharField(
        label=_("Shown to staff as"),
        max_length=160,
        required=False,
        help_text=_("Who reports the same thing is offered to join under this title. Empty: not offered."),
    )

    def begin(self, incident: Incident) -> dict[str, Any]:
        known = "" if incident.is_restricted else incident.reported_as or incident.shown_title
        expected_at = incident.expected_at and timezone.localtime(incident.expected_at)
        return {"public_title": incident.public_title or known, "expected_at": expected_at}
