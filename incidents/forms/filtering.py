"""The filters of the list: everything an address may ask for, as a form that is sent by GET."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.selectors import services_to_choose_from, systems_to_choose_from
from common import own_names
from incidents.choices import SCALES_OF_SEVERITY, Category, Source, State
from incidents.selectors import wanted as wishes
from incidents.selectors.wanted import Wanted
from people.choices import WORKING
from people.models import User
from people.selectors import visible_teams, with_role

STATES = [
    (wishes.LIVE_ONES, _("Open")),
    (wishes.OVER, _("Over")),
    (wishes.ALL, _("All")),
    *State.choices,
]
WHOSE = [
    (wishes.ME, _("In my charge")),
    (wishes.MINE, _("In my charge, or reported by me")),
    (wishes.TEAMS, _("Of my teams")),
    (wishes.NOBODY, _("In nobody’s charge")),
]
AGES = [
    ("day", _("In the last day")),
    ("week", _("In the last week")),
    ("month", _("In the last month")),
    (wishes.OLDER, _("Longer than a week ago")),
]
SORTS = [
    (wishes.WORST, _("The worst first")),
    (wishes.NEWEST, _("The newest first")),
    (wishes.OLDEST, _("The oldest first")),
]
Choices = list[tuple[str, Any]]


class Day(forms.DateField):
    """A day, as browsers send it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FilterForm(forms.Form):
    """What the list shows. Only shown, never sent to be checked: the address is read by `Wanted`."""

    state = forms.ChoiceField(label=_("State"), choices=STATES)
    severity = forms.MultipleChoiceField(
        label=_("Severity"),
        choices=[(str(each), str(each)) for each in SCALES_OF_SEVERITY],
        widget=forms.CheckboxSelectMultiple,
    )
    service = forms.ChoiceField(label=_("Service"))
    system = forms.ChoiceField(label=_("System"))
    team = forms.ChoiceField(label=_("Team"))
    owner = forms.ChoiceField(label=_("In charge"))
    category = forms.ChoiceField(label=_("Category of the cause"), choices=[("", _("Any")), *Category.choices])
    source = forms.ChoiceField(label=_("Came by"), choices=[("", _("Any")), *Source.choices])
    age = forms.ChoiceField(label=_("Reported"), choices=[("", _("At any time")), *AGES])
    since = Day(label=_("From"))
    until = Day(label=_("Until"))
    major = forms.ChoiceField(label=_("Major incidents"), choices=[("", _("All")), ("yes", _("Only major ones"))])
    sort = forms.ChoiceField(label=_("Order"), choices=[("", _("As usual")), *SORTS])

    def __init__(self, wanted: Wanted, user: User) -> None:
        initial = {name: value for name, value in wanted.said() if name != "severity"}
        super().__init__(
            initial={"state": wanted.state, **initial, "severity": [str(each) for each in wanted.severities]},
            auto_id="by_%s",
            use_required_attribute=False,
        )
        people = [(str(each.pk), each.name) for each in with_role(*WORKING).order_by("name")]
        for name, found in (
            ("service", [(str(each.pk), own_names.shown(each.name)) for each in services_to_choose_from()]),
            ("system", [(str(each.pk), each.name) for each in systems_to_choose_from()]),
            ("team", [(str(each.pk), each.name) for each in visible_teams(user).order_by("name")]),
            ("owner", [*WHOSE, *people]),
        ):
            self._offer(name, found, getattr(wanted, name))

    def words(self, name: str, value: str) -> str:
        """What a value of a filter is called."""
        return str(dict(self.fields[name].choices).get(value, value))  # type: ignore[attr-defined]  # all that ask have them

    def _offer(self, name: str, found: Choices, chosen: str) -> None:
        """What is chosen stays to be seen, also where it is not offered any more."""
        if chosen and chosen not in {value for value, _label in found}:
            found = [*found, (chosen, _("unknown"))]
        self.fields[name].choices = [("", _("Any")), *found]  # type: ignore[attr-defined]  # a choice field
