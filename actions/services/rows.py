"""What every change of an action does: lock the row, raise its version, write its history and the ledger."""

import uuid
from datetime import date, datetime
from typing import Any

from actions.choices import EventKind
from actions.models import Action, ActionEvent
from common.versions import check_version, raise_version
from ledger.services import record
from people.models import User
from people.selectors import zone_of

#: A person, or `system:<job>`.
Who = User | str
LABEL_LENGTH = 200


def lock(action_id: uuid.UUID, version: int | None = None) -> Action:
    """The action, held until the transaction ends. Raises Action.DoesNotExist, or Stale."""
    action = Action.objects.select_for_update(of=["self"]).select_related("owner").get(pk=action_id)
    check_version(action, version)
    return action


def save(action: Action, *fields: str) -> None:
    """Write these columns, and raise the version."""
    raise_version(action).save(update_fields=[*fields, "version"])


def write_down(
    action: Action, kind: EventKind, *, by: Who, now: datetime, text: str = "", values: dict[str, Any] | None = None
) -> ActionEvent:
    """One entry of its history and one of the ledger. `text` is a person's words and stays out of the ledger."""
    event = ActionEvent.objects.create(
        action=action,
        at=now,
        kind=kind,
        by=by if isinstance(by, User) else None,
        by_label=str(by)[:LABEL_LENGTH] if isinstance(by, User) else "",
        text=text,
        values=values or {},
    )
    data = {"event": event.pk, "state": action.state, **(values or {})}
    record(verb=f"action.{kind}", subject=action, actor=by, data=data)
    return event


def day_of(now: datetime) -> date:
    """The day it is for the organisation."""
    return now.astimezone(zone_of(None)).date()
