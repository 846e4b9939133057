"""Writing the ledger: one entry a change, in the transaction of that change."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from common.context import current
from ledger.canonical import sign
from ledger.models import Entry
from ledger.sealing import seal_pending

__all__ = ["Actor", "Note", "record", "record_many", "seal_pending"]

#: Who did it: a person, a key (anything with `ledger_actor`), or `system:<job>`.
Actor = AbstractBaseUser | str
LABEL_LENGTH = 200
ADDRESS_LENGTH = 45


@dataclass(frozen=True)
class Note:
    """One entry to be written. `data` holds plain values with secrets masked: what changed, before and after."""

    verb: str
    subject: models.Model
    data: dict[str, Any] = field(default_factory=dict)


def record(*, verb: str, subject: models.Model, actor: Actor, data: dict[str, Any] | None = None) -> Entry:
    """Write down that somebody did something, in the transaction of the change it records.

    verb: `thing.happened`.  actor: a user, or `system:<job>`.  data: ids, states, before and after; no free text.
    """
    return record_many(notes=[Note(verb, subject, data or {})], actor=actor)[0]


def record_many(*, notes: Sequence[Note], actor: Actor) -> list[Entry]:
    """The same for several changes of one actor at once."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("The ledger is written in the transaction of the change it records.")
    kind, actor_id, label = _actor(actor)
    handling, now = current.get(), timezone.now()
    entries = []
    for number, note in zip(_numbers(len(notes)), notes, strict=True):
        entry = Entry(
            id=number,
            at=now,
            actor_kind=kind,
            actor_id=actor_id,
            actor_label=label,
            verb=note.verb,
            subject_type=note.subject._meta.label_lower,
            subject_id=str(note.subject.pk),
            subject_label=_label(note.subject),
            data=_plain(json.loads(json.dumps(note.data, cls=DjangoJSONEncoder))),
            request_id=handling.request_id,
            address=handling.address[:ADDRESS_LENGTH],
        )
        entries.append(entry)
    sign(entries)
    return Entry.objects.bulk_create(entries)


def _actor(actor: Actor) -> tuple[str, str, str]:
    if isinstance(actor, str):
        return "system", "", actor
    return "user", str(actor.pk), _label(actor)


def _label(thing: object) -> str:
    return _storable(str(thing)[:LABEL_LENGTH])


def _plain(value: Any) -> Any:
    """JSON as PostgreSQL gives it back, so that the signature still fits when the entry is read again.

    jsonb keeps numbers by value: 1e16 comes back as 10000000000000000, and there is no NaN and no -0.0.
    """
    if isinstance(value, dict):
        return {_storable(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() else value
    return _storable(value) if isinstance(value, str) else value


def _storable(text: str) -> str:
    """What PostgreSQL cannot hold (NUL, halves of characters) is shown as unreadable, and refuses no change."""
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()


def _numbers(count: int) -> list[int]:
    """Ids taken from the sequence first, because the entry is signed together with its id.

    The transaction gets its own number before: sealing concludes from it which ids can still come.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
        cursor.execute("SELECT nextval('ledger_entry_id_seq') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]
