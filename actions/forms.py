"""What people enter about actions and improvement plans."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.choices import Kind
from actions.links import About
from actions.models import Action, ImprovementPlan, Phase
from actions.services.checking import OWNING, TEXT_LENGTH, TITLE_LENGTH
from actions.services.rows import day_of
from catalog.models import Service, System
from catalog.selectors import services_to_choose_from, systems_to_choose_from
from common import own_names
from people.models import User
from people.selectors import with_role


def text(label: Any, *, rows: int = 3, **more: Any) -> forms.CharField:
    """A field for several lines."""
    return forms.CharField(label=label, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": rows}), **more)


class Day(forms.DateField):
    """A day, as browsers send it."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **more)


class Owner(forms.ModelChoiceField):
    """Somebody who may act."""

    def __init__(self, **more: Any) -> None:
        super().__init__(queryset=User.objects.none(), **more)

    def fill(self) -> None:
        """With the people who are here now."""
        self.queryset = with_role(*OWNING).order_by("name")


class ActionForm(forms.Form):
    """A new action.  concerns: what a proof has to be about; the first of those that the page knows is offered."""

    title = forms.CharField(label=_("What has to be done?"), max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(
        label=_("What will prove it?"),
        choices=Kind,
        widget=forms.RadioSelect,
        help_text=_("A published plan, a passed restore test or a snapshot proves the first four by itself."),
    )
    concerns = forms.ChoiceField(label=_("What is it about?"), required=False)
    owner = Owner(label=_("Who does it?"))
    due_on = Day(label=_("Until when?"))
    description = text(_("More about it"), required=False)

    def __init__(self, *args: Any, known: list[About] | None = None, by: User | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner"].fill()  # type: ignore[attr-defined]  # an Owner
        if by is not None:
            self.fields["owner"].initial = by.pk
        self.abouts = {about.key: about for about in [*(known or []), *_catalogued()]}
        labels = [(key, about.label) for key, about in self.abouts.items()]
        self.fields["concerns"].choices = [("", _("Nothing in particular")), *labels]  # type: ignore[attr-defined]  # choices

    def action(self) -> dict[str, Any]:
        """The answers as `services.open_action` takes them."""
        given = dict(self.cleaned_data)
        given["about"] = self.abouts.get(given.pop("concerns"))
        return given


def _catalogued() -> list[About]:
    """Systems and services in use, by their names."""
    systems = [_about(system, system.name) for system in systems_to_choose_from()]
    return systems + [_about(service, own_names.shown(service.name)) for service in services_to_choose_from()]


def _about(thing: Service | System, label: str) -> About:
    return About(f"{thing._meta.label_lower}:{thing.pk}", label, thing.get_absolute_url())


class ChangeForm(forms.Form):
    """A change of one action as it was seen: `version` tells which state of it that was."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, action: Action, **more: Any) -> None:
        super().__init__(*args, **more)
        self.action = action
        self.initial = {"version": action.version, **self.begin(action)}

    def begin(self, action: Action) -> dict[str, Any]:
        """What the form shows before anything is entered."""
        return {}


class FinishForm(ChangeForm):
    """It is done."""

    text = text(_("What was done?"), required=False)


class ConfirmForm(ChangeForm):
    """A second person looked."""

    evidence = text(_("What shows that it was done?"))


class ReasonForm(ChangeForm):
    """A move that nobody understands later without its reason."""

    reason = text(_("Why?"))


class AcceptForm(ReasonForm):
    """A risk, signed."""

    until = Day(label=_("Until when?"), help_text=_("After this day it is open again by itself."))


class PostponeForm(ReasonForm):
    """Another day."""

    due_on = Day(label=_("Until when?"))
    field_order = ["version", "due_on", "reason"]

    def begin(self, action: Action) -> dict[str, Any]:
        return {"due_on": max(action.due_on, day_of(timezone.now()))}


class ReassignForm(ChangeForm):
    """Somebody else does it."""

    to = Owner(label=_("Who does it?"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].fill()  # type: ignore[attr-defined]  # an Owner

    def begin(self, action: Action) -> dict[str, Any]:
        return {"to": action.owner_id}


class DescribeForm(ChangeForm):
    """Said more clearly."""

    title = forms.CharField(label=_("What has to be done?"), max_length=TITLE_LENGTH)
    description = text(_("More about it"), required=False)

    def begin(self, action: Action) -> dict[str, Any]:
        return {"title": action.title, "description": action.description}


class PhaseField(forms.ModelChoiceField):
    """Phases of all plans, each with its plan."""

    def label_from_instance(self, phase: Phase) -> str:
        return f"{phase.plan.reference} {phase.plan.title} · {phase.title}"


class PhaseChoice(ChangeForm):
    """Its place in a plan."""

    phase = PhaseField(
        label=_("Phase of an improvement plan"),
        queryset=Phase.objects.select_related("plan").order_by("-plan__number", "position"),
        required=False,
        empty_label=_("In no plan"),
    )

    def begin(self, action: Action) -> dict[str, Any]:
        return {"phase": action.phase_id}


class PlanForm(forms.Form):
    """A new improvement plan."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    goal = text(_("What should be better at its end?"), required=False)
    owner = Owner(label=_("Who leads it?"))

    def __init__(self, *args: Any, by: User | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner"].fill()  # type: ignore[attr-defined]  # an Owner
        if by is not None:
            self.fields["owner"].initial = by.pk


class PhaseForm(forms.Form):
    """One more phase of a plan as it was seen."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Name of the phase"), max_length=120)
    starts_on = Day(label=_("From"))
    ends_on = Day(label=_("To"))

    def __init__(self, *args: Any, plan: ImprovementPlan, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial = {"version": plan.version}
