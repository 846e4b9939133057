"""What is asked before a file is read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from common.sheets import ENCODINGS, MAX_BYTES, TooMuch

#: As Unfold draws an input, which works without a script.
LOOK = "border border-base-200 cursor-pointer px-3 py-2 rounded-default w-full dark:border-base-700"
FILE = {"accept": ".csv,.xlsx", "class": LOOK}


class UploadForm(forms.Form):
    """A file, and what it is written in where it does not say so itself."""

    file = forms.FileField(label=_("file"), max_length=200, widget=forms.FileInput(attrs=FILE))
    encoding = forms.ChoiceField(
        label=_("encoding"), choices=ENCODINGS, initial="utf-8", required=False, widget=UnfoldAdminSelectWidget
    )

    def clean_file(self) -> Any:
        """Not more than is read at all."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(TooMuch().message)
        return file

    def clean_encoding(self) -> str:
        """UTF-8 where nothing was chosen."""
        return self.cleaned_data["encoding"] or "utf-8"
