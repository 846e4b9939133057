"""What every change of an incident does: lock the row, raise its version, write timeline and ledger."""

import uuid
from datetime import datetime
from typing import Any

from common.versions import check_version, raise_version
from incidents.choices import EventKind
from incidents.models import Incident, TimelineEvent
from ledger.services import record
from people.models import User

#: A person, or `system:<job>`.
Who = User | str
#: Who acts when a report's link is used without a sign-in.
BY_LINK = "system:tracking-link"
LABEL_LENGTH = 200


def lock(incident_id: uuid.UUID, version: int | None = None) -> Incident:
    """The incident, held until the transaction ends.

    version: the one the person looked at; None where the change goes with any.
    Raises Incident.DoesNotExist, or Stale when somebody changed it since.
    """
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    check_version(incident, version)
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
    url: str = "",
    is_public: bool = False,
) -> TimelineEvent:
    """One entry of the timeline and one of the ledger. `text` is a person's words and stays out of the ledger."""
    event = TimelineEvent.objects.create(
        incident=incident,
        at=now,
        kind=kind,
        by=by if isinstance(by, User) else None,
        by_label=str(by)[:LABEL_LENGTH] if isinstance(by, User) else "",
        text=text,
        values=values or {},
        url=url,
        is_public=is_public,
    )
    record(verb=verb, subject=incident, actor=by, data={"event": event.pk, "state": incident.state, **(values or {})})
    return event
