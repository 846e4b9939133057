"""Choosing a row by its name: whatever was posted as its key, the page comes back."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError


class _ByKey(AutocompleteMixin):
    """Django asks the database for what was posted, to show it again; what is no key at all broke the page."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        """The rows that were chosen; what is no key of any is left out."""
        return super().optgroups(name, [each for each in value if self._is_key(each)], attr)

    def _is_key(self, text: str) -> bool:
        try:
            self.field.remote_field.model._meta.pk.get_prep_value(text)
        except (ValidationError, ValueError, TypeError):
            return False
        return "\0" not in str(text)


class ChosenOne(_ByKey, AutocompleteSelect):
    """One row."""


class ChosenMany(_ByKey, AutocompleteSelectMultiple):
    """Several rows."""
