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
        return super().to_internal_value(data)


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
