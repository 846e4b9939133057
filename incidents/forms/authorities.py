"""What people enter about reports to authorities."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import TRIED_LENGTH, When
from incidents.forms.fields import text as lines
from incidents.models import Authority, AuthorityReport
from incidents.models.authorities import REPORT_LENGTH
from incidents.telling.choices import SentBy


class StepForm(forms.Form):
    """A step of one report as it was seen."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: AuthorityReport, **more: Any) -> None:
        super().__init__(*args, **more)
        self.report = report
        self.initial["version"] = report.version


class DraftForm(StepForm):
    """The report as it shall be sent."""

    text = lines(_("Text"), REPORT_LENGTH, rows=14)


class MailForm(StepForm):
    """That it shall be sent by mail."""

    late_reason = lines(_("Why is it late?"), TRIED_LENGTH, rows=2)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if timezone.now() <= self.report.due_at:
            del self.fields["late_reason"]


class SentForm(StepForm):
    """That it was sent."""

    how = forms.ChoiceField(label=_("How was it sent?"), choices=SentBy, widget=forms.RadioSelect)
    sent_at = When(label=_("When?"), required=False, help_text=_("Empty: just now."))
    reference = forms.CharField(label=_("Their reference"), max_length=100, required=False)
    late_reason = lines(_("Why was it late?"), TRIED_LENGTH, rows=2, required=False)
    proof = forms.FileField(
        label=_("Proof"), required=False, help_text=_("The receipt, the letter, a picture of the portal.")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if timezone.now() <= self.report.due_at:
            del self.fields["late_reason"]


class ProofForm(StepForm):
    """What shows that it was sent."""

    proof = forms.FileField(label=_("Proof"), help_text=_("The receipt, the letter, a picture of the portal."))


class WaiveForm(StepForm):
    """That it need not be made, and why."""

    reason = lines(_("Why?"), TRIED_LENGTH, rows=3)


class RequireForm(forms.Form):
    """To whom this incident has to be reported."""

    authority = forms.ModelChoiceField(label=_("Authority"), queryset=Authority.objects.none())

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["authority"].queryset = Authority.objects.filter(is_active=True)  # type: ignore[attr-defined]


class NewsForm(forms.Form):
    """Of which incidents somebody wants to be told."""

    severities = forms.MultipleChoiceField(
        label=_("Severities"),
        choices=[(str(each), str(each)) for each in (1, 2, 3, 4)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: of all."),
    )
