"""Forms of rosters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import safe_line
from people.choices import WORKING
from people.models import Roster, User
from people.selectors import with_role


class OverrideForm(forms.Form):
    """Somebody has the duty instead, in the reader's own time."""

    person = forms.ModelChoiceField(
        label=_("Who has it instead"), queryset=User.objects.none(), empty_label=_("Choose somebody")
    )
    starts_at = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    ends_at = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False, validators=[safe_line])

    def __init__(self, *args: Any, roster: Roster, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roster = roster
        self.fields["person"].queryset = with_role(*WORKING).order_by("name")  # type: ignore[attr-defined]
