"""What people enter on the pages of the catalog."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Document


class RenewForm(forms.Form):
    """A newer file of a document, and until when it holds."""

    file = forms.FileField(label=_("File"), help_text=_("At most 25 MB. The file before is kept, but not shown."))
    expires_on = forms.DateField(
        label=_("Expires on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day on which it holds. Leave it empty where it has no end."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"expires_on": document.expires_on, "version": document.version}
