"""Who has a duty in turn: people are chosen and put into their order, without a script."""

from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.text import safe_line
from people.choices import WORKING, Period, Weekday
from people.models import Rotation, User
from people.selectors import with_role

#: What the buttons of the list do: one place up, one place down, out of it.
MOVES = ("up", "down", "drop")


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _hour(label: Any, **more: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more)


class Turns(forms.ModelMultipleChoiceField):
    """People in the order in which they were sent. The same one may have several turns."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> Any:
        """As a list. Raises ValidationError for somebody who is not to be chosen."""
        there = {str(person.pk): person for person in super().clean(value)}
        return [there[str(each)] for each in value if str(each) in there]


class RotationForm(forms.Form):
    """A rotation as it is now or as it was typed. `more` is who was chosen and not added yet."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=120, validators=[safe_line], help_text=_("Such as “Weeks”."))
    people = Turns(
        label=_("Who has it in turn"),
        queryset=User.objects.none(),
        error_messages={"required": _("Choose somebody."), "invalid_choice": _("Choose people who work here.")},
    )
    more = forms.ModelChoiceField(
        label=_("Who else"), queryset=User.objects.none(), required=False, empty_label=_("Choose somebody")
    )
    length = forms.IntegerField(label=_("A turn lasts"), min_value=1, max_value=366, initial=1)
    period = forms.ChoiceField(label=_("Hours, days or weeks"), choices=Period.choices, initial=Period.WEEKS)
    starts_on = _day(_("First day of the first turn"))
    hand_over_at = _hour(_("Hand-over at"), initial=time(9))
    ends_on = _day(_("Until the hand-over on"), required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on these days"), choices=Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    from_time = _hour(_("Only from"), required=False)
    until_time = _hour(_("Only until"), required=False)
    position = forms.IntegerField(
        label=_("Order"),
        min_value=1,
        max_value=20,
        initial=1,
        help_text=_("Of several rotations the first that has somebody counts."),
    )

    def __init__(self, *args: Any, rotation: Rotation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = with_role(*WORKING).order_by("name")
        self.fields["more"].queryset = there  # type: ignore[attr-defined]
        self.fields["people"].queryset = self.choosable = _with(there, rotation)  # type: ignore[attr-defined]
        self.initial = {**_initial(rotation), **self.initial}

    @property
    def turns(self) -> list[User]:
        """The people as the form has them now, in their order."""
        given = self.data.getlist("people") if isinstance(self.data, QueryDict) else self.initial["people"]
        there = self.choosable.in_bulk([found for each in given if (found := _uuid(each))])
        return [there[found] for each in given if (found := _uuid(each)) in there]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything of what is rarely needed is set, or wrong."""
        rare = ("ends_on", "from_time", "until_time")
        days = {str(each) for each in self["weekdays"].value() or ()}
        is_set = any(self[name].value() for name in rare) or len(days) < len(Weekday.values)
        is_wrong = {*rare, "weekdays", "position"} & set(self.errors)
        return is_set or bool(is_wrong) or str(self["position"].value()) != "1"

    def clean(self) -> dict[str, Any]:
        """Whoever was chosen and not added has the last turn: nothing that was chosen is lost."""
        given = super().clean() or self.cleaned_data
        if last := given.pop("more", None):
            given["people"] = [*given.get("people", []), last]
            self.errors.pop("people", None)
        return given

    @classmethod
    def arranged(cls, data: QueryDict, do: str, rotation: Rotation | None) -> "RotationForm":
        """Everything as it was typed, with the people as one button puts them. Nothing is checked, nothing is kept."""
        people, (word, _dash, place) = data.getlist("people"), do.partition("-")
        at = int(place) if place.isdecimal() and len(place) < 4 else len(people)
        if word == "add" and data.get("more"):
            people = [*people, str(data["more"])]
        elif word in MOVES and at < len(people):
            person = people.pop(at)
            people[(put := max(at + (1 if word == "down" else -1), 0)) : put] = [] if word == "drop" else [person]
        typed = {name: field.widget.value_from_datadict(data, {}, name) for name, field in cls.base_fields.items()}
        return cls(initial={**typed, "people": people, "more": ""}, rotation=rotation)


def _with(there: QuerySet[User], rotation: Rotation | None) -> QuerySet[User]:
    """Those who may be chosen, and those who are in it already."""
    if rotation is None:
        return there
    present = rotation.participants.values("person")
    return User.objects.filter(Q(pk__in=there.order_by().values("pk")) | Q(pk__in=present))


def _initial(rotation: Rotation | None) -> dict[str, Any]:
    if rotation is None:
        return {"people": [], "weekdays": Weekday.values, "starts_on": timezone.localdate()}
    names = (
        *("version", "name", "length", "period", "starts_on", "hand_over_at"),
        *("ends_on", "weekdays", "from_time", "until_time", "position"),
    )
    turns = rotation.participants.order_by("position").values_list("person", flat=True)
    return {**{name: getattr(rotation, name) for name in names}, "people": list(turns)}


def _uuid(given: Any) -> UUID | None:
    try:
        return UUID(str(given))
    except ValueError:
        return None
