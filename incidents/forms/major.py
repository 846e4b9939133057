"""What is said when an incident takes more than the usual."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import RoleName
from incidents.forms.changing import ChangeForm, ReasonForm
from incidents.forms.fields import TRIED_LENGTH, text
from incidents.models import Incident
from people.choices import WORKING
from people.models import User
from people.selectors import with_role


class MajorForm(ReasonForm):
    """Why it is one, and who commands."""

    commander = forms.ModelChoiceField(
        label=_("Who commands?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Not the one in charge of resolving it: who commands keeps the overview."),
    )
    field_order = ["version", "reason", "commander"]

    def fit(self, incident: Incident) -> None:
        people = with_role(*WORKING)
        if incident.owner is not None:
            people = people.exclude(pk=incident.owner.pk)
        self.fields["commander"].queryset = people  # type: ignore[attr-defined]


class RoleForm(ChangeForm):
    """Who has the role from now on."""

    role = forms.ChoiceField(label=_("Which role?"), choices=RoleName, widget=forms.RadioSelect)
    to = forms.ModelChoiceField(
        label=_("Who takes it on?"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )
    note = text(_("What should they know?"), TRIED_LENGTH, rows=3, required=False)

    def fit(self, incident: Incident) -> None:
        self.fields["to"].queryset = with_role(*WORKING)  # type: ignore[attr-defined]

    def begin(self, incident: Incident) -> dict[str, Any]:
        held = incident.roles.filter(until__isnull=True, person=self.by).first() if self.by else None
        return {"role": held.role if held else RoleName.COMMANDER}
