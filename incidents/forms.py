"""What people enter about incidents."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Service, System
from catalog.selectors import services_to_choose_from, systems_to_choose_from
from common import own_names
from incidents.choices import Badness, Scale
from incidents.models import Incident
from people.choices import WORKING
from people.models import User
from people.selectors import with_role

DESCRIPTION_LENGTH = 10_000
TRIED_LENGTH = 4000
LONGEST_AGO = timedelta(days=3653)
#: Clocks of phones go wrong by less than this.
TOLERANCE = timedelta(minutes=5)
#: With more than these, one box with all is easier than buttons.
MOST_BUTTONS = 7
TOLD_TO_ALL = _("Sent to all who reported it or joined.")


class When(forms.DateTimeField):
    """A moment in the reader's zone, as browsers send it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]

    def __init__(self, **more: Any) -> None:
        super().__init__(input_formats=self.input_formats, **more)


def text(label: Any, length: int, *, rows: int = 4, **more: Any) -> forms.CharField:
    """A field for several lines."""
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **more)


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


class NoteForm(forms.Form):
    """One entry of the timeline."""

    text = text(_("Add to the timeline"), DESCRIPTION_LENGTH, rows=1)


class ChangeForm(forms.Form):
    """A change of one incident as it was seen: `version` tells which state of it that was."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, incident: Incident, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial = {"version": incident.version, **self.begin(incident)}
        self.incident = incident

    def begin(self, incident: Incident) -> dict[str, Any]:
        """What the form shows before anything is entered."""
        return {}


class UpdateForm(ChangeForm):
    """News for the people who reported it."""

    text = text(
        _("What should people know?"), DESCRIPTION_LENGTH, help_text=_("Sent to all who reported it or joined.")
    )
    expected_at = When(label=_("When should it be over?"), required=False)
    public_title = forms.CharField(
        label=_("Shown to staff as"),
        max_length=160,
        required=False,
        help_text=_("Who reports the same thing is offered to join under this title. Empty: not offered."),
    )

    def begin(self, incident: Incident) -> dict[str, Any]:
        known = "" if incident.is_restricted else incident.reported_as or incident.shown_title
        expected_at = incident.expected_at and timezone.localtime(incident.expected_at)
        return {"public_title": incident.public_title or known, "expected_at": expected_at}


class ReasonForm(ChangeForm):
    """A move that nobody understands later without its reason."""

    reason = text(_("Why?"), TRIED_LENGTH, rows=3)


class HoldForm(ReasonForm):
    """Waiting, with an end."""

    resume_at = When(label=_("Go on at"), help_text=_("Then it becomes active by itself, and people are told."))


class ResolveForm(ChangeForm):
    """It works again."""

    text = text(_("What was done?"), TRIED_LENGTH, rows=3, required=False, help_text=TOLD_TO_ALL)


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

    to = forms.ModelChoiceField(label=_("Who is in charge?"), queryset=User.objects.none())

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].queryset = with_role(*WORKING)  # type: ignore[attr-defined]

    def begin(self, incident: Incident) -> dict[str, Any]:
        return {"to": incident.owner_id}


class ServicesField(forms.ModelMultipleChoiceField):
    """Services to choose from, as the reader calls them."""

    def label_from_instance(self, service: Service) -> str:
        return own_names.shown(service.name)


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
        plain = ("public_title", "place", "error_code", "is_restricted")
        return {
            "title": incident.shown_title,
            "services": _ids(incident.services.all()),
            "systems": _ids(incident.systems.all()),
            **{name: getattr(incident, name) for name in plain},
        }


def _ids(rows: Iterable[Service | System]) -> list[Any]:
    return [row.pk for row in rows]
