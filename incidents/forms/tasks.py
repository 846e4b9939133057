"""What people enter about tasks."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.choices import RoleName
from incidents.forms.fields import TRIED_LENGTH, When, text
from incidents.models import Incident, IncidentTask
from people.choices import WORKING
from people.models import User
from people.selectors import with_role


class TaskForm(forms.Form):
    """One thing to do. With a task: as it was seen, at its version."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("What is to be done?"), max_length=160)
    notes = text(_("Notes"), TRIED_LENGTH, rows=3, required=False)
    assignee = forms.ModelChoiceField(
        label=_("Who does it?"), queryset=User.objects.none(), required=False, empty_label=_("Whoever takes it")
    )
    role = forms.ChoiceField(label=_("Or whoever has the role"), required=False)
    due_at = When(label=_("Until when?"), required=False)

    def __init__(self, *args: Any, incident: Incident, task: IncidentTask | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["assignee"].queryset = with_role(*WORKING)  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("No role")), *RoleName.choices]  # type: ignore[attr-defined]
        if not incident.is_major and not (task and task.role):
            del self.fields["role"]
        if task is not None:
            names = ("version", "title", "notes", "role")
            due_at = task.due_at and timezone.localtime(task.due_at)
            known = {name: getattr(task, name) for name in names}
            self.initial = {**known, "assignee": task.assignee_id, "due_at": due_at}


class DropForm(forms.Form):
    """It will not be done."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, required=False)
    reason = text(_("Why is it dropped?"), TRIED_LENGTH, rows=3)

    def __init__(self, *args: Any, task: IncidentTask, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial = {"version": task.version}
