"""What people enter about what is wrong."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.selectors import services_to_choose_from, systems_to_choose_from
from common import own_names
from incidents.choices import Badness
from incidents.forms.fields import DESCRIPTION_LENGTH, TRIED_LENGTH, When, text

LONGEST_AGO = timedelta(days=3653)
#: Clocks of phones go wrong by less than this.
TOLERANCE = timedelta(minutes=5)
#: With more than these, one box with all is easier than buttons.
MOST_BUTTONS = 7


class ReportForm(forms.Form):
    """Only the first answer is needed."""

    JUST_NOW, EARLIER = "now", "earlier"

    description = text(
        _("What is wrong?"), DESCRIPTION_LENGTH, rows=3, help_text=_("Your own words. An error code helps.")
    )
    concerns = forms.ChoiceField(label=_("What does it concern?"), required=False, widget=forms.RadioSelect)
    badness = forms.ChoiceField(
        label=_("How bad is it for you?"), choices=Badness, required=False, widget=forms.RadioSelect
    )
    since = forms.ChoiceField(
        label=_("Since when?"),
        choices=[(JUST_NOW, _("Just now")), (EARLIER, _("Earlier"))],
        required=False,
        widget=forms.RadioSelect,
    )
    since_at = When(label=_("Day and time"), required=False)
    place = forms.CharField(
        label=_("Where are you?"), max_length=200, required=False, help_text=_("Building, room, or from home.")
    )
    error_code = forms.CharField(label=_("Error code"), max_length=100, required=False)
    steps_tried = text(_("What have you tried?"), TRIED_LENGTH, rows=2, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.services = {f"service:{each.pk}": each for each in services_to_choose_from()}
        self.systems = {f"system:{each.pk}": each for each in systems_to_choose_from()}
        concerns = self.fields["concerns"]
        concerns.choices = self._things()  # type: ignore[attr-defined]
        if len(self.services) + len(self.systems) > MOST_BUTTONS:
            concerns.widget = forms.Select(choices=concerns.choices)  # type: ignore[attr-defined]

    def clean_since_at(self) -> datetime | None:
        at = self.cleaned_data["since_at"]
        if at is not None:
            now = timezone.now()
            if at > now + TOLERANCE:
                raise forms.ValidationError(_("This time is still to come."))
            if at < now - LONGEST_AGO:
                raise forms.ValidationError(_("This is more than ten years ago. Check the year."))
        return at

    def report(self) -> dict[str, Any]:
        """The answers as `services.report` takes them. What was not answered stays unknown."""
        given = self.cleaned_data
        concerns = given["concerns"]
        occurred_at = given["since_at"] or (timezone.now() if given["since"] == self.JUST_NOW else None)
        return {
            "description": given["description"],
            "services": [self.services[concerns]] if concerns in self.services else [],
            "systems": [self.systems[concerns]] if concerns in self.systems else [],
            "badness": given["badness"] or Badness.HINDERED,
            "occurred_at": occurred_at,
            "place": given["place"],
            "error_code": given["error_code"],
            "steps_tried": given["steps_tried"],
        }

    def _things(self) -> list[tuple[str, Any]]:
        things: list[tuple[str, Any]] = [(key, own_names.shown(each.name)) for key, each in self.services.items()]
        things += [(key, each.name) for key, each in self.systems.items()]
        return [*things, ("", _("Something else, or I do not know"))]


class ReplyForm(forms.Form):
    """The reporter's answer on the tracking page."""

    text = text(_("Your answer"), TRIED_LENGTH, rows=3)
