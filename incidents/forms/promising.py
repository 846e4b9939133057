"""What people enter about time limits."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.forms.changing import ChangeForm
from incidents.forms.fields import When
from incidents.models import Deadline, Incident


class DeadlineForm(ChangeForm):
    """A moment that never moves by itself."""

    due_at = When(
        label=_("Has to be resolved by"),
        required=False,
        help_text=_("It counts instead of what the severity promises, also while it waits. Empty: no such moment."),
    )
    reason = forms.CharField(label=_("Why"), max_length=300)

    def begin(self, incident: Incident) -> dict[str, Any]:
        known = Deadline.objects.filter(incident=incident).first()
        return {"due_at": timezone.localtime(known.due_at), "reason": known.reason} if known else {}
