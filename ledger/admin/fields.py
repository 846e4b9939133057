"""Inputs of the admin for what people cannot type as a machine stores it."""

import json
import math
import re
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.fields import InvalidJSONInput
from django.utils.dateparse import parse_duration
from django.utils.translation import gettext_lazy as _

from common.spans import duration
from common.text import safe_text

SECONDS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
PIECE = re.compile(r"(\d{1,9})\s*(d|h|min|s)")
LONGEST = timedelta(days=36_500)


class DurationField(forms.DurationField):
    """A duration as people write it: “2 h 30 min”. The machine's “02:30:00” is understood as well."""

    default_error_messages = {"invalid": _("Give a duration such as “2 h”, “1 d 12 h” or “30 min”.")}

    def prepare_value(self, value: Any) -> Any:
        """What stands in the input."""
        return in_words(value) if isinstance(value, timedelta) else value

    def to_python(self, value: Any) -> timedelta | None:
        """The duration. Raises ValidationError."""
        if isinstance(value, timedelta):
            return value
        if value in self.empty_values:
            return None
        found = _from_words(str(value).strip().lower())
        if found is None or abs(found) > LONGEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


def in_words(duration: timedelta) -> str:
    """The shortest way to write it down."""
    rest, pieces = round(duration.total_seconds()), []
    for unit, seconds in SECONDS.items():
        count, rest = divmod(rest, seconds)
        if count:
            pieces.append(f"{count} {unit}")
    return " ".join(pieces) or "0 s"


def _from_words(text: str) -> timedelta | None:
    if text and not PIECE.sub("", text).strip():
        return timedelta(seconds=sum(int(count) * SECONDS[unit] for count, unit in PIECE.findall(text)))
    try:
        return parse_duration(text) if ":" in text else None
    except (ValueError, OverflowError):
        return None


class JSONField(forms.JSONField):
    """JSON with a line for each value, in the characters that were typed."""

    def prepare_value(self, value: Any) -> Any:
        """What stands in the input; what could not be read stays as it was typed."""
        if isinstance(value, InvalidJSONInput):
            return value
        return json.dumps(value, indent=2, ensure_ascii=False, cls=self.encoder)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, read where it can be."""
        try:
            self.to_python(data)
            return super().bound_data(data, initial)
        except (ValidationError, ValueError):
            return InvalidJSONInput(data)

    def to_python(self, value: Any) -> Any:
        """The value. Raises ValidationError, for numbers and characters that the database has no room for too."""
        try:
            found = super().to_python(value)
            _check(found)
        except (ValueError, RecursionError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value}) from error
        return found


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            safe_text(key)
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)
    elif isinstance(value, str):
        safe_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValidationError(_("Infinity and NaN are no JSON."), code="invalid")


def spelled_out(model: type[models.Model], column: Any) -> Any:
    """A length of time in a list, as people read it: never "1 day, 0:00:00"."""
    if not isinstance(column, str) or column not in {field.name for field in model._meta.get_fields()}:
        return column
    field = model._meta.get_field(column)
    if not isinstance(field, models.DurationField):
        return column

    @admin.display(description=field.verbose_name, ordering=column)
    def spelled(row: models.Model) -> str | None:
        return duration(getattr(row, column)) or None

    return spelled
