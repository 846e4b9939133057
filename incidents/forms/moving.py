"""What people enter when an incident moves from state to state."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import TO_DO, Category, HoldReason, State
from incidents.forms.changing import ChangeForm, ReasonForm
from incidents.forms.fields import TOLD_TO_ALL, TRIED_LENGTH, When, text
from incidents.models import Incident
from incidents.services.times import IN_ORDER

UNKNOWN = ("", _("Not known yet"))


def category_field(**more: Any) -> forms.ChoiceField:
    """What kind of cause it had."""
    return forms.ChoiceField(label=_("What kind of cause did it have?"), choices=[UNKNOWN, *Category.choices], **more)


class HoldForm(ReasonForm):
    """Waiting, with an end."""

    hold_reason = forms.ChoiceField(label=_("What does it wait for?"), choices=HoldReason, widget=forms.RadioSelect)
    resume_at = When(label=_("Go on at"), help_text=_("Then it becomes active by itself, and people are told."))
    field_order = ["version", "hold_reason", "resume_at", "reason"]


class ResolveForm(ChangeForm):
    """It works again."""

    text = text(_("What was done?"), TRIED_LENGTH, rows=3, required=False, help_text=TOLD_TO_ALL)
    category = category_field(required=False)
    open_tasks = forms.ChoiceField(
        label=_("What becomes of the tasks that are still to do?"),
        choices=[("keep", _("They stay to be done")), ("drop", _("They are dropped; what was done is the reason"))],
        widget=forms.RadioSelect,
    )

    def begin(self, incident: Incident) -> dict[str, Any]:
        return {"category": incident.category}

    def fit(self, incident: Incident) -> None:
        if not _has_tasks(incident):
            del self.fields["open_tasks"]


class CloseForm(ChangeForm):
    """Nothing is left to do. After a review the kind of cause has to be known; else nothing is asked."""

    category = category_field(required=True)
    drop_because = text(_("Tasks are still to do. Why are they dropped?"), TRIED_LENGTH, rows=2)

    def fit(self, incident: Incident) -> None:
        if incident.state != State.IN_REVIEW or incident.category:
            del self.fields["category"]
        if not _has_tasks(incident):
            del self.fields["drop_because"]


class TimeForm(ReasonForm):
    """When something really happened."""

    which = forms.ChoiceField(label=_("Which time?"), widget=forms.RadioSelect)
    at = When(label=_("When was it really?"))
    field_order = ["version", "which", "at", "reason"]

    def fit(self, incident: Incident) -> None:
        always = ("occurred_at", "detected_at")
        known = [name for name in IN_ORDER if name in always or getattr(incident, name)]
        self.fields["which"].choices = [(name, WHEN[name]) for name in known]  # type: ignore[attr-defined]


def _has_tasks(incident: Incident) -> bool:
    return incident.tasks.filter(state__in=TO_DO).exists()


WHEN = {
    "occurred_at": _("When it began"),
    "detected_at": _("When it was noticed"),
    "mitigated_at": _("When it was mitigated"),
    "resolved_at": _("When it was resolved"),
}
