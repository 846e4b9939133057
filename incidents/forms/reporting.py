"""What people enter about what is wrong."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.selectors import services_to_choose_from, systems_to_choose_from
from common import own_names
from incidents.choices import TAKEN_BY_CHOICES, Badness, Source, Stars
from incidents.errors import Unfit
from incidents.forms.changing import ChangeForm
from incidents.forms.fields import DESCRIPTION_LENGTH, TRIED_LENGTH, When, text
from incidents.models import Incident, Rating
from incidents.times import check_occurred
from people.selectors import Anyone, person_named, works

#: With more than these, one box with all is easier than buttons.
MOST_BUTTONS = 7
#: Programs fill in a form at once; what was left open for longer than a day is loaded again.
SHORTEST_FILLING, LONGEST_FILLING = timedelta(seconds=2), timedelta(days=1)
SALT = "incidents.report"
KEY = re.compile(r"[A-Za-z0-9_-]{20,40}")
MORNING, NOON = 8, 12


def new_key() -> str:
    """What makes one form in one browser known again, and nobody can guess."""
    return secrets.token_urlsafe(24)


class FilesForm(forms.Form):
    """A form with files: they are sent one by one, or with it, and wait under its key."""

    form_key = forms.RegexField(regex=KEY, required=False, widget=forms.HiddenInput)

    @property
    def key(self) -> str:
        """The key of this form, as it came or a new one."""
        if not hasattr(self, "_key"):
            given = self.data.get("form_key", "")
            self._key = given if KEY.fullmatch(given) else new_key()
        return self._key


class ReportForm(FilesForm):
    """Only the first answer is needed."""

    JUST_NOW, MORNING, YESTERDAY, EARLIER = "now", "morning", "yesterday", "earlier"

    description = text(
        _("What is wrong?"), DESCRIPTION_LENGTH, rows=3, help_text=_("Your own words. An error code helps.")
    )
    concerns = forms.ChoiceField(label=_("What does it concern?"), required=False, widget=forms.RadioSelect)
    badness = forms.ChoiceField(
        label=_("How bad is it for you?"), choices=Badness, required=False, widget=forms.RadioSelect
    )
    since = forms.ChoiceField(
        label=_("Since when?"),
        choices=[
            (JUST_NOW, _("Just now")),
            (MORNING, _("This morning")),
            (YESTERDAY, _("Yesterday")),
            (EARLIER, _("Earlier")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    since_at = When(label=_("Day and time"), required=False)
    place = forms.CharField(
        label=_("Where are you?"), max_length=200, required=False, help_text=_("Building, room, or from home.")
    )
    error_code = forms.CharField(label=_("Error code"), max_length=100, required=False)
    steps_tried = text(_("What have you tried?"), TRIED_LENGTH, rows=2, required=False)

    def __init__(self, *args: Any, by: Anyone, **more: Any) -> None:
        super().__init__(*args, **more)
        self.by = by
        self.services = {f"service:{each.pk}": each for each in services_to_choose_from()}
        self.systems = {f"system:{each.pk}": each for each in systems_to_choose_from()}
        concerns = self.fields["concerns"]
        concerns.choices = self._things()  # type: ignore[attr-defined]
        if len(self.services) + len(self.systems) > MOST_BUTTONS:
            concerns.widget = forms.Select(choices=concerns.choices)  # type: ignore[attr-defined]

    def clean_since_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["since_at"]
        try:
            check_occurred(at, now=timezone.now(), field="since_at")
        except Unfit as error:
            raise forms.ValidationError(error.fields["since_at"]) from None
        return at

    def report(self) -> dict[str, Any]:
        """The answers as `services.report` takes them. What was not answered stays unknown."""
        given = self.cleaned_data
        concerns = given["concerns"]
        return {
            "description": given["description"],
            "services": [self.services[concerns]] if concerns in self.services else [],
            "systems": [self.systems[concerns]] if concerns in self.systems else [],
            "badness": given["badness"] or Badness.HINDERED,
            "occurred_at": given["since_at"] or _since(given["since"]),
            "place": given["place"],
            "error_code": given["error_code"],
            "steps_tried": given["steps_tried"],
        }

    def _things(self) -> list[tuple[str, Any]]:
        things: list[tuple[str, Any]] = [(key, own_names.shown(each.name)) for key, each in self.services.items()]
        things += [(key, each.name) for key, each in self.systems.items()]
        return [*things, ("", _("Something else, or I do not know"))]


class StaffReportForm(ReportForm):
    """By somebody who is signed in: perhaps for a colleague; by those at work also for people outside."""

    for_whom = forms.CharField(
        label=_("Whose report is it?"),
        max_length=254,
        required=False,
        help_text=_("E-mail or user name of a colleague. Empty: your own."),
    )
    source = forms.ChoiceField(
        label=_("How did it reach you?"),
        choices=[("", _("It is my own")), *TAKEN_BY_CHOICES],
        required=False,
        widget=forms.RadioSelect,
    )
    reporter_name = forms.CharField(label=_("Name, of somebody without an account"), max_length=200, required=False)
    reporter_email = forms.EmailField(
        label=_("Their e-mail"), required=False, help_text=_("They are sent the page on which they see how it stands.")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if not works(self.by):
            for name in ("source", "reporter_name", "reporter_email"):
                del self.fields[name]

    @property
    def is_for_another(self) -> bool:
        """Whether something was said of whose report it is: then that part stands open."""
        return any(self.data.get(name) for name in ("for_whom", "source", "reporter_name", "reporter_email"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        colleague, said = None, given.get("for_whom", "")
        if said:
            colleague = person_named(said)
            if colleague is None or not colleague.is_active or colleague.is_machine:
                self.add_error("for_whom", _("No colleague has this e-mail or user name."))
        if said and (given.get("reporter_name") or given.get("reporter_email")):
            self.add_error("for_whom", _("Name a colleague or somebody outside, not both."))
        given["reporter"] = colleague
        return given

    def report(self) -> dict[str, Any]:
        given = self.cleaned_data
        whose = {name: given[name] for name in ("reporter", "reporter_name", "reporter_email") if given.get(name)}
        return {**super().report(), **whose, "source": given.get("source") or Source.PAGE}


class OutsideReportForm(ReportForm):
    """By somebody who is not signed in. Two small traps keep the simplest programs out, and no person."""

    reporter_name = forms.CharField(label=_("Your name"), max_length=200, required=False)
    reporter_email = forms.EmailField(
        label=_("Your e-mail"), required=False, help_text=_("You are sent the page on which you see how it stands.")
    )
    website = forms.CharField(label=_("Leave this empty"), max_length=200, required=False)
    shown = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("website") or not self._was_filled_in(given.get("shown", "")):
            raise forms.ValidationError(
                _("This came too fast, or after too long. Look at it once more and send it again.")
            )
        return given

    @staticmethod
    def shown_now() -> str:
        """When this form was shown, signed."""
        return signing.dumps(timezone.now().timestamp(), salt=SALT)

    def report(self) -> dict[str, Any]:
        given = self.cleaned_data
        outside = {"reporter_name": given["reporter_name"], "reporter_email": given["reporter_email"]}
        return {**super().report(), **outside}

    @staticmethod
    def _was_filled_in(shown: str) -> bool:
        try:
            since = float(signing.loads(shown, salt=SALT))
        except signing.BadSignature:
            return False
        took = timezone.now().timestamp() - since
        return SHORTEST_FILLING.total_seconds() <= took <= LONGEST_FILLING.total_seconds()


class ReplyForm(FilesForm):
    """The reporter's answer on the tracking page: words, files, or both."""

    text = text(_("Your answer"), TRIED_LENGTH, rows=3, required=False)


class RatingForm(forms.Form):
    """How it was handled."""

    stars = forms.TypedChoiceField(
        label=_("How was it handled?"), choices=Stars.choices, coerce=int, widget=forms.RadioSelect
    )
    text = text(_("What would have helped?"), 2000, rows=2, required=False)

    def __init__(self, *args: Any, rating: Rating | None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial = {"stars": rating.stars, "text": rating.text} if rating else {}


class CorrectionForm(ChangeForm):
    """What the reporter said, said better."""

    description = text(_("What is wrong?"), DESCRIPTION_LENGTH, rows=5)
    occurred_at = When(label=_("Since when?"), required=False)
    place = forms.CharField(label=_("Where are you?"), max_length=200, required=False)
    error_code = forms.CharField(label=_("Error code"), max_length=100, required=False)
    steps_tried = text(_("What have you tried?"), TRIED_LENGTH, rows=2, required=False)

    def begin(self, incident: Incident) -> dict[str, Any]:
        plain = ("description", "place", "error_code", "steps_tried")
        occurred_at = incident.occurred_at and timezone.localtime(incident.occurred_at)
        return {"occurred_at": occurred_at, **{name: getattr(incident, name) for name in plain}}


class WithdrawForm(ChangeForm):
    """Taking it back needs a word why."""

    reason = text(_("Why?"), TRIED_LENGTH, rows=3)


def _since(chosen: str) -> datetime | None:
    """The moment that a quick choice stands for, in the reader's zone."""
    here = timezone.localtime()
    if chosen == ReportForm.JUST_NOW:
        return here
    if chosen == ReportForm.MORNING:
        return min(here, here.replace(hour=MORNING, minute=0, second=0, microsecond=0))
    if chosen == ReportForm.YESTERDAY:
        return (here - timedelta(days=1)).replace(hour=NOON, minute=0, second=0, microsecond=0)
    return None
