"""What every change of an incident does: lock the row, raise its version, write timeline and ledger."""

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from common.errors import Stale
from common.versions import check_version, raise_version
from incidents.choices import EventKind
from incidents.clocks.looking import look_again
from incidents.errors import ChangedSince
from incidents.models import Incident, TimelineEvent
from incidents.selectors import happened_since
from ledger.services import record
from people.models import User

#: A person, or `system:<job>`.
Who = User | str
#: Who acts when a report's link is used without a sign-in.
BY_LINK = "system:tracking-link"
LABEL_LENGTH = 200
#: What the timeline keeps from and to of, so that two people at once read what the other did.
WATCHED = (
    *("state", "severity", "impact", "urgency", "owner", "team", "category", "is_major", "hold_reason", "resume_at"),
    *("title", "public_title", "description", "place", "error_code", "steps_tried", "occurred_at", "detected_at"),
    *("mitigated_at", "resolved_at", "expected_at", "is_restricted", "merged_into", "reporter_name", "reporter_email"),
)


def lock(incident_id: uuid.UUID, version: int | None = None) -> Incident:
    """The incident, held until the transaction ends.

    version: the one the person looked at; None where the change goes with any.
    Raises Incident.DoesNotExist, or ChangedSince when somebody changed it since.
    """
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    try:
        check_version(incident, version)
    except Stale:
        raise ChangedSince(happened_since(incident, version or 0)) from None
    incident.as_found = _columns(incident)
    return incident


def save(incident: Incident, *fields: str) -> None:
    """Write these columns, and raise the version."""
    raise_version(incident).save(update_fields=[*fields, "version"])


def write_down(
    incident: Incident,
    kind: EventKind,
    *,
    verb: str,
    by: Who,
    now: datetime,
    text: str = "",
    values: dict[str, Any] | None = None,
    shown: dict[str, Any] | None = None,
    url: str = "",
    is_public: bool = False,
    affected: dict[str, Any] | None = None,
) -> TimelineEvent:
    """One entry of the timeline and one of the ledger.

    `text`, and what `shown` adds to the values, is a person's words and stays out of the ledger. What changed since
    the row was locked is kept with the entry, and stays out of the ledger too.
    affected: {"services" or "systems": {"from": ids, "to": ids}}, which are not columns of the row.
    """
    event = TimelineEvent.objects.create(
        incident=incident,
        at=now,
        kind=kind,
        by=by if isinstance(by, User) else None,
        by_label=str(by)[:LABEL_LENGTH] if isinstance(by, User) else "",
        text=text,
        values={**(values or {}), **(shown or {})},
        url=url,
        is_public=is_public,
        version=incident.version,
        changes={**_changes(incident), **(affected or {})},
    )
    look_again(incident, kind, now=timezone.now())
    record(verb=verb, subject=incident, actor=by, data={"event": event.pk, "state": incident.state, **(values or {})})
    return event


def _columns(incident: Incident) -> dict[str, Any]:
    fields = Incident._meta.concrete_fields
    return {field.name: getattr(incident, field.attname) for field in fields if field.name in WATCHED}


def _changes(incident: Incident) -> dict[str, Any]:
    """What differs from when the row was locked, or from the entry before; told once."""
    if incident.as_found is None:
        return {}
    before, incident.as_found = incident.as_found, _columns(incident)
    return {
        name: {"from": _kept(value), "to": _kept(incident.as_found[name])}
        for name, value in before.items()
        if value != incident.as_found[name]
    }


def _kept(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value
