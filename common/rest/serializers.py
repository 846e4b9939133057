"""Serializers: one class for what comes in, one for what goes out."""

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
