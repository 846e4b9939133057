"""Writing the ledger: one entry a change, in the transaction of that change."""

import json
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

#: Who did it: a person, a key (anything with `ledger_actor`), or `system:<job>`.
Actor = AbstractBaseUser | str
LABEL_LENGTH = 200


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
            subject_label=str(note.subject)[:LABEL_LENGTH],
            data=json.loads(json.dumps(note.data, cls=DjangoJSONEncoder)),
            request_id=handling.request_id,
            address=handling.address,
        )
        sign(entry)
        entries.append(entry)
    return Entry.objects.bulk_create(entries)


def _actor(actor: Actor) -> tuple[str, str, str]:
    if isinstance(actor, str):
        return "system", "", actor
    return "user", str(actor.pk), str(actor)[:LABEL_LENGTH]


def _numbers(count: int) -> list[int]:
    """Ids taken from the sequence first, because the entry is signed together with its id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ledger_entry_id_seq') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]
