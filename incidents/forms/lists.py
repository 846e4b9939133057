"""Keeping a list under a name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import safe_line
from incidents.models import SavedView
from incidents.models.lists import QUERY_LENGTH
from people.models import Team, User
from people.selectors import teams_of


class ViewForm(forms.Form):
    """A name for the filters, and who sees them too."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    query = forms.CharField(max_length=QUERY_LENGTH, required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=60, validators=[safe_line])
    team = forms.ModelChoiceField(
        label=_("Shared with"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("Nobody: only I see it"),
        help_text=_("All of the team find it among their views. Each still sees only what their role lets them see."),
    )

    def __init__(self, *args: Any, by: User, view: SavedView | None = None, query: str = "", **more: Any) -> None:
        initial: dict[str, Any] = {"query": query}
        if view is not None:
            initial = {"version": view.version, "query": view.query, "name": view.name, "team": view.team_id}
        super().__init__(*args, **{"initial": initial, **more})
        self.fields["team"].queryset = teams_of(by)  # type: ignore[attr-defined]  # a choice of rows
