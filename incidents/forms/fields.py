"""Pieces that forms of incidents are made of."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Service
from common import own_names

DESCRIPTION_LENGTH = 10_000
TRIED_LENGTH = 4000
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


class ServicesField(forms.ModelMultipleChoiceField):
    """Services to choose from, as the reader calls them."""

    def label_from_instance(self, service: Service) -> str:
        return own_names.shown(service.name)
