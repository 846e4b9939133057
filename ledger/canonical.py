"""The one form in which an entry is hashed: canonical JSON, so that it can be checked by anybody."""

import hmac
import json
from hashlib import sha256
from typing import Any

from common.secrets import derived_key, derived_key_by_id
from ledger.models import Entry

PURPOSE = "ledger"
FIELDS = (
    "actor_kind",
    "actor_id",
    "actor_label",
    "verb",
    "subject_type",
    "subject_id",
    "subject_label",
    "data",
    "request_id",
    "address",
)


def canonical(entry: Entry) -> bytes:
    """The entry as bytes: sorted keys, no spaces, UTF-8, the time as UTC microseconds."""
    body: dict[str, Any] = {name: getattr(entry, name) for name in FIELDS}
    body["id"] = entry.pk
    body["at"] = entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(entry: Entry) -> str:
    """What a seal holds of an entry: its canonical form together with who vouches for it."""
    return sha256(canonical(entry) + entry.key_id.encode() + entry.mac.encode()).hexdigest()


def sign(entry: Entry) -> None:
    """Vouch for the entry with the product's present key."""
    entry.key_id, key = derived_key(PURPOSE)
    entry.mac = hmac.new(key, canonical(entry), sha256).hexdigest()


def is_ours(entry: Entry) -> bool | None:
    """Whether the product wrote the entry as it stands. None when its key is not here."""
    key = derived_key_by_id(PURPOSE, entry.key_id)
    if key is None:
        return None
    return hmac.compare_digest(entry.mac, hmac.new(key, canonical(entry), sha256).hexdigest())
