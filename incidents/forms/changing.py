"""What every change of an incident carries."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import TRIED_LENGTH, text
from incidents.models import Incident
from people.models import User


class ChangeForm(forms.Form):
    """A change of one incident as it was seen: `version` tells which state of it that was.

    among: the incidents, where the same is done with several.
    """

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, incident: Incident, by: User | None = None, among: Sequence[Incident] = (), **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.incident = incident
        self.by = by
        self.among = among
        self.initial = {"version": incident.version, **self.begin(incident)}
        self.fit(incident)

    def begin(self, incident: Incident) -> dict[str, Any]:
        """What the form shows before anything is entered."""
        return {}

    def fit(self, incident: Incident) -> None:
        """Take out what this incident is not asked for, and offer what this person may choose (`self.by`)."""


class ReasonForm(ChangeForm):
    """A move that nobody understands later without its reason."""

    reason = text(_("Why?"), TRIED_LENGTH, rows=3)
