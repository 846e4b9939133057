"""Two people change one incident: the second reads what the first did, and loses no word."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.forms import Form

from incidents.errors import ChangedSince


def spare(form: Form, fresh: Form, error: ChangedSince) -> list[str]:
    """What the second person had left as it was shows what the first made of it; what was typed stays.

    Else to send it again would undo the first person's change in silence.  form: as it was posted, with data that
    may be changed.  fresh: the same form for the incident as it is now.  Returns the labels of those fields.
    """
    seen: dict[str, Any] = {}
    for happened in error.happened:
        for change in happened.fields:
            seen.setdefault(change.name, change.seen)
    given: dict[str, Any] = getattr(form, "cleaned_data", {})
    spared = [
        name for name in form.fields if name in seen and name in given and plain(given[name]) == plain(seen[name])
    ]
    data: Any = form.data
    for name in spared:
        value = fresh.get_initial_for_field(fresh.fields[name], name)
        shown = fresh.fields[name].widget.format_value(fresh.fields[name].prepare_value(value))
        if isinstance(value, bool):
            shown = ["on"] if value else []
        data.setlist(form.add_prefix(name), [each for each in _listed(shown) if each is not None])
    return [str(form.fields[name].label) for name in spared]


def plain(value: Any) -> Any:
    """A value of a column or of a form, so that both can be compared and kept as JSON. Moments to the minute."""
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0).timestamp()
    if isinstance(value, str):
        try:
            return plain(datetime.fromisoformat(value)) if len(value) > len("2026-01-01") else value
        except ValueError:
            return value
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (list, QuerySet)):
        return sorted(str(plain(each)) for each in value)
    return value


def _listed(shown: Any) -> list[Any]:
    return [str(each) for each in shown] if isinstance(shown, (list, tuple)) else [shown]
