"""Serializers: one class for what comes in, one for what goes out."""

import math
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class Output(serializers.ModelSerializer):
    """What a row looks like from outside. Never used to write."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """Every field is read-only, so that the schema says so."""
        fields = super().get_fields()
        for field in fields.values():
            field.read_only = True
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


class Seconds(serializers.FloatField):
    """A length of time as a number of seconds."""

    def to_internal_value(self, data: Any) -> Any:
        """As a timedelta. Raises ValidationError for what no clock can count."""
        seconds = super().to_internal_value(data)
        try:
            return timedelta(seconds=seconds)
        except (OverflowError, ValueError):
            raise serializers.ValidationError(_("This length of time is too long.")) from None

    def to_representation(self, value: Any) -> Any:
        """A whole number where it is one."""
        seconds = value.total_seconds()
        return int(seconds) if math.floor(seconds) == seconds else seconds
