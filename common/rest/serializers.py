"""Serializers: one class for what comes in, one for what goes out."""

import math
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class Output(serializers.ModelSerializer):
    """What a row looks like from outside. Never used to write."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """Every field is read-only, and null or empty where its column may be, so that the schema says so."""
        fields = super().get_fields()
        columns = {column.name: column for column in self.Meta.model._meta.concrete_fields}  # type: ignore[attr-defined]
        for name, field in fields.items():
            column = columns.get(field.source or name)
            field.read_only = True
            field.allow_null = field.allow_null or (column is not None and column.null)
            # What nobody edits comes as a choice that knows only its values.
            if isinstance(field, serializers.ChoiceField):
                field.allow_blank = field.allow_blank or (column is not None and column.blank)
        return fields


class Input(serializers.Serializer):
    """What a request may say. A field that we do not know is refused, never ignored in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """The checked values."""
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError({name: [_("There is no such field.")] for name in sorted(unknown)})
        if isinstance(data, dict) and self.parent is not None and getattr(self.root, "partial", False):
            data = self._whole(data)
        return super().to_internal_value(data)

    def _whole(self, data: dict[str, Any]) -> dict[str, Any]:
        """A change may leave out fields of the row; what it holds inside a field is whole, with its defaults."""
        missing = {name: field for name, field in self.fields.items() if name not in data}
        wrong = {name: [field.error_messages["required"]] for name, field in missing.items() if field.required}
        if wrong:
            raise serializers.ValidationError(wrong)
        given = {name: field.default for name, field in missing.items() if field.default is not serializers.empty}
        return {**given, **data}


class NamedOut(serializers.Serializer):
    """A row of another resource by its id and name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


#: No plan reaches further, and every database can hold it.
LONGEST_SECONDS = 100 * 366 * 24 * 3600


class Seconds(serializers.FloatField):
    """A length of time as a number of seconds."""

    default_error_messages = {
        "min_value": _("A length of time cannot be negative."),
        "max_value": _("This length of time is too long."),
    }

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs = {"min_value": 0, "max_value": LONGEST_SECONDS} | kwargs
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """As a timedelta. What is out of bounds is refused before any arithmetic."""
        seconds = super().to_internal_value(data)
        if self.min_value is not None and seconds < self.min_value:
            self.fail("min_value")
        if self.max_value is not None and seconds > self.max_value:
            self.fail("max_value")
        return timedelta(seconds=seconds)

    def run_validators(self, value: Any) -> None:
        """They would compare a number with a length of time: it was done with the number that came in."""

    def to_representation(self, value: Any) -> Any:
        """A whole number where it is one."""
        seconds = value.total_seconds()
        return int(seconds) if math.floor(seconds) == seconds else seconds
