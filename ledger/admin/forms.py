"""Forms of the admin: they know which version was seen, and show what a service refused."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from common.errors import DomainError


class SecretField(forms.CharField):
    """A secret that is only ever written: what is kept is never put into the page. Empty leaves it as it is."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Never shown again. Leave empty to keep the one that is kept."))
        widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}, render_value=False)
        super().__init__(required=False, strip=False, widget=widget, max_length=1000, **options)


class LedgerForm(forms.ModelForm):
    """A row as it was seen. `refusal` is what the service said when these values were sent before."""

    refusal: ClassVar[DomainError | None] = None

    def clean(self) -> dict[str, Any] | None:
        """Put the service's sentences beside the inputs they are about."""
        cleaned = super().clean()
        if self.refusal is not None:
            for name, sentences in self.refusal.fields.items():
                for sentence in sentences:
                    self.add_error(name if name in self.fields else None, sentence)
            if not self.refusal.fields.keys() & self.fields.keys():
                self.add_error(None, self.refusal.message)
        return cleaned


class SeenForm(LedgerForm):
    """The same for rows that carry a version: what somebody else changed meanwhile is not written over."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance and not self.instance._state.adding:
            self.fields["seen_version"].initial = self.instance.version
