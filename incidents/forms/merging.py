"""With which other incident it becomes one."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.choices import LIVE
from incidents.forms.changing import ChangeForm, ReasonForm
from incidents.forms.fields import TRIED_LENGTH, text
from incidents.models import Incident
from incidents.references import number_of
from incidents.selectors import actionable_by, could_take_in, likely_the_same

OTHER = ""


class MergeForm(ChangeForm):
    """One that looks the same, or any other by its number."""

    into = forms.ChoiceField(label=_("Which one goes on?"), required=False, widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("Or the number of another one"), max_length=30, required=False, help_text=_("Such as INC-0042.")
    )
    reason = text(_("Why are they the same?"), TRIED_LENGTH, rows=2, required=False)

    def fit(self, incident: Incident) -> None:
        same = [each for each in self.among if each.is_live]
        if self.by and not self.among:
            same = likely_the_same(incident, self.by)
        named = [(each.reference, f"{each.reference} · {each.shown_title}") for each in same]
        self.fields["into"].choices = [*named, (OTHER, _("Another one"))]  # type: ignore[attr-defined]
        if not same:
            del self.fields["into"]
            self.fields["reference"].label = _("The number of the one that goes on")

    def clean(self) -> dict[str, Any]:
        """The other as the service wants it. One that the person does not work on is not there."""
        given = super().clean() or self.cleaned_data
        typed = str(given.pop("reference", "") or "").strip().upper()
        chosen = given.pop("into", "") or typed
        number = number_of(chosen)
        other = self._others().filter(number=number).first() if number is not None else None
        if other is None:
            said = _("There is no open incident of this number that could take it in.") if chosen else _("Choose one.")
            self.add_error("reference", said)
        elif self.among and all(each.pk == other.pk for each in self.among):
            self.add_error("reference", _("Choose another one: an incident cannot be merged into itself."))
        else:
            given["into_id"] = other.pk
        return given

    def _others(self) -> QuerySet[Incident]:
        if self.by is None:
            return Incident.objects.none()
        if self.among:
            return actionable_by(self.by).filter(state__in=LIVE)
        return could_take_in(self.incident, self.by)


class UnmergeForm(ReasonForm):
    """Why they are two things."""
