"""The one form in which entries and seals are hashed and signed, so that anybody can check them again."""

import hmac
import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from common.secrets import derived_key, derived_key_by_id
from ledger.models import Entry, Seal

PURPOSE = "ledger"

#: What a signature covers of an entry; the time stands beside them.
ENTRY_FIELDS = (
    "id",
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
SEAL_FIELDS = ("number", "entries_count", "root", "previous_head")


def canonical(entry: Entry) -> bytes:
    """The entry as bytes: sorted keys, no spaces, UTF-8, the time as UTC microseconds."""
    return canonical_of(entry.__dict__, ENTRY_FIELDS)


def canonical_of(values: Mapping[str, Any], fields: tuple[str, ...]) -> bytes:
    """The same for a row that is only read, as {column: value}."""
    body = {name: values[name] for name in fields}
    body["at"] = f"{values['at']:%Y-%m-%dT%H:%M:%S.%fZ}"
    return _json(body).encode()


_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def digest_of(body: bytes, key_id: str, mac: str) -> str:
    """What a seal holds of an entry: its canonical form together with who vouches for it."""
    return sha256(body + key_id.encode() + mac.encode()).hexdigest()


def digest(entry: Entry) -> str:
    """The same for a whole entry."""
    return digest_of(canonical(entry), entry.key_id, entry.mac)


def sign(entries: Iterable[Entry]) -> None:
    """Vouch for entries with the product's present key, which is looked up once."""
    key_id, key = derived_key(PURPOSE)
    for entry in entries:
        entry.key_id, entry.mac = key_id, _mac(key, canonical(entry))


def close(seal: Seal) -> None:
    """Give the seal its head, which stands for all entries up to it, and vouch for it."""
    body = canonical_of(seal.__dict__, SEAL_FIELDS)
    seal.head = sha256(body).hexdigest()
    seal.key_id, key = derived_key(PURPOSE)
    seal.mac = _mac(key, body)


class Signatures:
    """Checks signatures of one pass through the ledger; keys are looked up once."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes | None] = {}

    def is_ours(self, body: bytes, key_id: str, mac: str) -> bool | None:
        """Whether the product wrote this. None when its key is not here: then it is not known."""
        if key_id not in self._keys:
            self._keys[key_id] = derived_key_by_id(PURPOSE, key_id)
        key = self._keys[key_id]
        return None if key is None else hmac.compare_digest(mac.encode(), _mac(key, body).encode())


def _mac(key: bytes, body: bytes) -> str:
    return hmac.digest(key, body, "sha256").hex()
