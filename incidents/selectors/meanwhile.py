"""What happened to an incident since a version of it was looked at."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Field, ForeignKey, ManyToManyField, Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common import own_names
from incidents.happened import FieldChange, Happened
from incidents.models import Incident

#: More than these are the timeline's to tell.
MOST = 20
#: Of a long text the page shows its beginning; whoever sends it again has the whole.
SHOWN_LENGTH = 200


def happened_since(incident: Incident, version: int) -> list[Happened]:
    """What changed it after this version, oldest first, the last twenty."""
    events = list(incident.events.filter(version__gt=version).order_by("-version", "-at")[:MOST])
    names = _Names(event.changes for event in events)
    return [
        Happened(
            at=event.at,
            by=event.by_label,
            sentence=event.sentence,
            fields=[names.told(name, each["from"], each["to"]) for name, each in event.changes.items()],
        )
        for event in reversed(events)
    ]


class _Names:
    """The names of all rows that changes mention, read together: one query a kind of row."""

    def __init__(self, changes: Iterable[Mapping[str, Any]]) -> None:
        wanted: dict[type[Model], set[str]] = {}
        for change in changes:
            for name, each in change.items():
                related = getattr(_field(name), "related_model", None)
                if related is not None:
                    wanted.setdefault(related, set()).update(_keys(each["from"]), _keys(each["to"]))
        self.known = {
            (model, str(pk)): str(row)
            for model, keys in wanted.items()
            for pk, row in model._default_manager.in_bulk(list(keys)).items()
        }

    def told(self, name: str, before: Any, after: Any) -> FieldChange:
        field = _field(name)
        label = str(getattr(field, "verbose_name", name))
        return FieldChange(name, label, self._shown(field, before), self._shown(field, after), before, after)

    def _shown(self, field: Any, value: Any) -> str:
        if value in (None, "", []):
            return _("nothing")
        if isinstance(field, (ForeignKey, ManyToManyField)):
            found = [self.known.get((field.related_model, key), "?") for key in _keys(value)]
            return ", ".join(own_names.shown(each) for each in found)
        if isinstance(field, DateTimeField):
            return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        choices = dict(field.flatchoices) if isinstance(field, Field) else {}
        return Truncator(str(choices.get(value, value))).chars(SHOWN_LENGTH)


def _field(name: str) -> Any:
    """The column; None for one that the product had once."""
    try:
        return Incident._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _keys(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(each) for each in values if each and _is_key(str(each))]


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
