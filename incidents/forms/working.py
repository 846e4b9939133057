"""What people enter while they work on an incident."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Service, System
from catalog.selectors import services_to_choose_from, systems_to_choose_from
from incidents.choices import Scale
from incidents.forms.changing import ChangeForm, ReasonForm
from incidents.forms.fields import DESCRIPTION_LENGTH, TRIED_LENGTH, ServicesField, text
from incidents.forms.moving import category_field
from incidents.models import Incident
from people.choices import WORKING
from people.models import Team, User
from people.selectors import with_role


class NoteForm(forms.Form):
    """One entry of the timeline."""

    text = text(_("Add to the timeline"), DESCRIPTION_LENGTH, rows=1)


class SeverityForm(ReasonForm):
    """Judged anew: impact and urgency give the severity."""

    impact = forms.TypedChoiceField(
        label=_("How much is affected?"), choices=Scale, coerce=int, widget=forms.RadioSelect
    )
    urgency = forms.TypedChoiceField(
        label=_("How soon does it get worse?"), choices=Scale, coerce=int, widget=forms.RadioSelect
    )
    field_order = ["version", "impact", "urgency", "reason"]

    def begin(self, incident: Incident) -> dict[str, Any]:
        return {"impact": incident.impact, "urgency": incident.urgency}


class AssignForm(ChangeForm):
    """Somebody is put in charge."""

    to = forms.ModelChoiceField(
        label=_("Who is in charge?"), queryset=User.objects.none(), required=False, empty_label=_("As it is")
    )
    team = forms.ModelChoiceField(
        label=_("Which team works on it?"), queryset=Team.objects.none(), required=False, empty_label=_("As it is")
    )
    note = text(_("What should they know?"), TRIED_LENGTH, rows=3, required=False)

    def fit(self, incident: Incident) -> None:
        self.fields["to"].queryset = with_role(*WORKING)  # type: ignore[attr-defined]
        teams = Team.objects.filter(is_active=True)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        if not teams.exists():
            del self.fields["team"]

    def begin(self, incident: Incident) -> dict[str, Any]:
        return {"to": incident.owner_id, "team": incident.team_id}


class DescribeForm(ChangeForm):
    """What is known about it, corrected."""

    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        help_text=_("For those who work on it. Its reporter keeps reading their own words."),
    )
    public_title = forms.CharField(
        label=_("Shown to staff as"), max_length=160, required=False, help_text=_("Empty: not offered to others.")
    )
    services = ServicesField(label=_("Affected services"), queryset=Service.objects.none(), required=False)
    systems = forms.ModelMultipleChoiceField(
        label=_("Affected systems"), queryset=System.objects.none(), required=False
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    error_code = forms.CharField(label=_("Error code"), max_length=100, required=False)
    category = category_field(required=False)
    is_restricted = forms.BooleanField(
        label=_("Restricted"),
        required=False,
        help_text=_("Seen only by those who have a part in it. What others were told before stays told."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        incident = self.incident
        services = services_to_choose_from() | incident.services.all()
        systems = systems_to_choose_from() | incident.systems.all()
        self.fields["services"].queryset = services.distinct()  # type: ignore[attr-defined]
        self.fields["systems"].queryset = systems.distinct()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A title left as it was shown stays the one that every reader sees in their own language."""
        given = super().clean() or self.cleaned_data
        if given.get("title") == self.incident.shown_title:
            del given["title"]
        return given

    def begin(self, incident: Incident) -> dict[str, Any]:
        plain = ("public_title", "place", "error_code", "category", "is_restricted")
        return {
            "title": incident.shown_title,
            "services": _ids(incident.services.all()),
            "systems": _ids(incident.systems.all()),
            **{name: getattr(incident, name) for name in plain},
        }


def _ids(rows: Iterable[Service | System]) -> list[Any]:
    return [row.pk for row in rows]
