"""What the first steps ask."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import safe_line
from people.selectors import organisation


class HouseForm(forms.Form):
    """Whose installation this is."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=60,
        validators=[safe_line],
        help_text=_("It stands on every page and in every message."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Schedules and deadlines follow this clock. People can choose their own.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = organisation()
        self.initial = {"name": now.name, "time_zone": now.time_zone}
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            (zone, zone) for zone in sorted(available_timezones())
        ]
