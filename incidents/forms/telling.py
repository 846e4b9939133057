"""What people write to those who wait for news: reporters, stakeholders, everybody."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.forms.changing import ChangeForm, ReasonForm
from incidents.forms.fields import DESCRIPTION_LENGTH, TRIED_LENGTH, When
from incidents.forms.fields import text as lines
from incidents.models import Incident, StatusEntry
from incidents.services import Words
from incidents.telling.choices import EFFECTS_TO_SAY, Audience, PublicState
from people.models import Team, User

TITLE_LENGTH = 160
#: The field of one service; its id follows.
EFFECT = "effect-"


class TellForm(ChangeForm):
    """News in the writer's language and, where somebody writes it, in the other one. Subclasses know for whom."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False, widget=forms.HiddenInput)
    audience = forms.ChoiceField(choices=Audience, required=False, widget=forms.HiddenInput)
    text = lines(_("What should people know?"), DESCRIPTION_LENGTH)
    other_text = lines(_("The same in the other language"), DESCRIPTION_LENGTH, required=False, rows=3)
    expected_at = When(label=_("When should it be over?"), required=False)

    told: str | Promise = ""
    audience_of = Audience.REPORTERS

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.spoken = translation.get_language() or settings.LANGUAGE_CODE
        self.other = next(code for code, _name in settings.LANGUAGES if code != self.spoken)
        self.initial.update(language=self.spoken, audience=self.audience_of)
        name = translation.gettext(str(dict(settings.LANGUAGES)[self.other]))
        for field in ("other_text", "other_title"):
            if field in self.fields:
                self.fields[field].label = self.labels_of_other[field] % {"language": name}
        self.fields["text"].help_text = str(self.told)

    labels_of_other: Mapping[str, Any] = {
        "other_text": _("The same in %(language)s"),
        "other_title": _("Title in %(language)s"),
    }

    def begin(self, incident: Incident) -> dict[str, Any]:
        return {"expected_at": incident.expected_at and timezone.localtime(incident.expected_at)}

    def fill(self, said: Mapping[str, tuple[str, str]]) -> None:
        """Begin with a text that was chosen.  said: {language: (title, text)}"""
        for language, prefix in ((self.spoken, ""), (self.other, "other_")):
            if language in said:
                self.initial[f"{prefix}title"], self.initial[f"{prefix}text"] = said[language]

    def clean(self) -> dict[str, Any]:
        """A page that was opened in one language may be sent after it was changed to the other."""
        given = super().clean() or self.cleaned_data
        if given.get("language"):
            self.spoken = given["language"]
            self.other = next(code for code, _name in settings.LANGUAGES if code != self.spoken)
        if given.get("other_title") and not given.get("other_text"):
            self.add_error("other_text", _("Write the text in this language too, or leave its title out."))
        return given

    def update(self) -> dict[str, Any]:
        """As `services.post_update` takes it."""
        given = self.cleaned_data
        texts = {self.spoken: Words(given["text"], given.get("title", ""))}
        if given["other_text"]:
            texts[self.other] = Words(given["other_text"], given.get("other_title") or given.get("title", ""))
        return {
            "audience": self.audience_of,
            "texts": texts,
            "expected_at": given["expected_at"],
            "version": given["version"],
        }


class TellReportersForm(TellForm):
    """For the people who reported it."""

    public_title = forms.CharField(
        label=_("Shown to staff as"),
        max_length=TITLE_LENGTH,
        required=False,
        help_text=_("Who reports the same thing is offered to join under this title. Empty: not offered."),
    )
    told = _("Sent to all who reported it or joined.")

    def begin(self, incident: Incident) -> dict[str, Any]:
        known = "" if incident.is_restricted else incident.reported_as or incident.shown_title
        return {**super().begin(incident), "public_title": incident.public_title or known}

    def update(self) -> dict[str, Any]:
        return {**super().update(), "public_title": self.cleaned_data["public_title"]}


class TellStakeholdersForm(TellForm):
    """For people named at the incident, and those who subscribed to such incidents."""

    audience_of = Audience.STAKEHOLDERS
    told = _("Sent to the people named below, and to those who asked to be told of such incidents.")


class TellPublicForm(TellForm):
    """For everybody: on the status page, by mail and in the feed."""

    public_state = forms.ChoiceField(label=_("How it stands"), choices=PublicState, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    other_title = forms.CharField(label=_("Title in the other language"), max_length=TITLE_LENGTH, required=False)
    next_at = When(label=_("Next news by"), required=False)

    audience_of = Audience.PUBLIC
    told = _("Everybody can read this. Name no person, and nothing that helps an attacker.")
    field_order = [
        *("version", "language", "audience", "public_state", "title", "text", "other_title", "other_text"),
        *("expected_at", "next_at"),
    ]

    def __init__(self, *args: Any, entries: Iterable[StatusEntry] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.entries = {f"{EFFECT}{entry.pk}": entry for entry in entries}
        choices = [("", _("Not concerned")), *((each.value, each.label) for each in EFFECTS_TO_SAY)]
        for name, entry in self.entries.items():
            self.fields[name] = forms.ChoiceField(label=str(entry), choices=choices, required=False)

    def clean_next_at(self) -> Any:
        at = self.cleaned_data["next_at"]
        if at is not None and at <= timezone.now():
            raise forms.ValidationError(_("This time has passed."))
        return at

    def update(self) -> dict[str, Any]:
        given = self.cleaned_data
        effects = {entry: given[name] for name, entry in self.entries.items() if given[name]}
        more = {"public_state": given["public_state"], "effects": effects, "next_at": given["next_at"]}
        return {**super().update(), **more}


FORMS: dict[str, type[TellForm]] = {
    Audience.REPORTERS: TellReportersForm,
    Audience.STAKEHOLDERS: TellStakeholdersForm,
    Audience.PUBLIC: TellPublicForm,
}


class WithdrawForm(ReasonForm):
    """Off the status page, and why."""


class DeclineForm(forms.Form):
    """Why nobody shall read it."""

    reason = lines(_("Why?"), TRIED_LENGTH, rows=2)


class StakeholderForm(forms.Form):
    """A person or a team."""

    person = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("No team")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        people = User.objects.filter(is_active=True, is_machine=False)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.all()  # type: ignore[attr-defined]
