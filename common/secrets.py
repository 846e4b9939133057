"""Secrets at rest: sealed with keys that lie beside the data, never in the database.

A sealed value is `key id:token`. Keys come from SECRETS_KEYS (newest first) or from
`DATA_DIR/keys/` (0600). The first is made on first use, unless something was sealed already: then the keys were lost,
and to begin with another one is somebody's decision. They are not part of any backup.
"""

import os
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError

MASK = "••••••"

#: A sealed value: key id, colon, Fernet token.
SEALED = re.compile(r"(?P<key>[0-9a-f]{8}):gAAAA[A-Za-z0-9_-]+={0,2}")
#: What is derived from keys for good: signatures of the ledger are checked for ever.
KEPT_PURPOSES = ("ledger",)
#: Asked before a first key is made: whether one must be somewhere. Apps add to it in their `ready`.
NEEDED_BY: list[Callable[[], bool]] = []


#: How the names of keys begin that were taken in behind others: older than all.
TAKEN_IN = "0000"


class KeyMissing(DomainError):
    """A sealed value whose key is not here."""

    code = "key_missing"
    status = 409
    template = _(
        "The key “%(key)s” that sealed this secret is not here. "
        "Put it back into the key folder, or enter the secret again."
    )


class KeysLost(DomainError):
    """There is no key, and something was sealed with one."""

    code = "keys_lost"
    status = 503
    template = _(
        "The keys of secrets are not here: put them back into %(folder)s. Where they are lost for ever, "
        "manage.py rotate_secrets begins with a new one, and every stored password has to be entered again."
    )


class SecretDamaged(DomainError):
    """A sealed value that was changed since it was sealed."""

    code = "secret_damaged"
    status = 409
    template = _("This secret cannot be read any more: what is kept of it was changed. Enter it again.")


def seal(text: str) -> str:
    """Seal a text with the newest key. Raises KeysLost."""
    key_id, key = _newest()
    return f"{key_id}:{Fernet(key).encrypt(text.encode()).decode()}"


def unseal(sealed: str) -> str:
    """The text as it was sealed. Raises KeyMissing when its key is not here, SecretDamaged when it was changed."""
    key_id, _colon, token = sealed.partition(":")
    key = _keys().get(key_id)
    if key is None:
        raise KeyMissing(key=key_id)
    try:
        return Fernet(key).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise SecretDamaged from error


def derived_key(purpose: str) -> tuple[str, bytes]:
    """Id and bytes of a key for another purpose, e.g. proving who wrote a ledger entry. Raises KeysLost."""
    key_id, key = _newest()
    return key_id, _derive(purpose, key)


def derived_key_by_id(purpose: str, key_id: str) -> bytes | None:
    """The same for an older key; None when it is not here."""
    key = _keys().get(key_id)
    if key is not None:
        return _derive(purpose, key)
    if not re.fullmatch(r"[0-9a-f]{8}", key_id):
        return None
    kept = key_folder() / f"{key_id}.{purpose}"
    return bytes.fromhex(kept.read_text(encoding="ascii")) if kept.is_file() else None


def _derive(purpose: str, key: bytes) -> bytes:
    return sha256(b"holdfast:" + purpose.encode() + b":" + key).digest()


def mask(text: str, *secrets: str) -> str:
    """The text with every secret in it covered."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return re.sub(r"(://[^:/@\s]+:)[^@\s]+@", rf"\1{MASK}@", text)


def key_ids() -> list[str]:
    """The ids of all keys that are here, the newest first."""
    return list(_keys())


def key_of(sealed: str) -> str:
    """The id of the key that sealed a value; empty when this is no sealed value."""
    found = SEALED.fullmatch(sealed)
    return found["key"] if found else ""


def add_key() -> str:
    """Make a key that is newer than all others, in the folder. Returns its id."""
    folder = key_folder()
    newest = max((int(path.name.partition(".")[0]) for path in folder.glob("[0-9]*.key")), default=0)
    _put(folder, f"{newest + 1:04d}.key", Fernet.generate_key())
    return key_ids()[0]


def retire_key(key_id: str) -> None:
    """Remove a key from the folder. What was derived from it stays, so that old signatures can still be checked.

    No way leads back from what was derived to the key.
    """
    key = _keys()[key_id]
    for purpose in KEPT_PURPOSES:
        name = f"{key_id}.{purpose}"
        if not (key_folder() / name).exists():
            _put(key_folder(), name, _derive(purpose, key).hex().encode())
    for path in key_folder().glob("*.key"):
        if _id_of(path.read_bytes().strip()) == key_id:
            path.unlink()


def is_key(key: bytes) -> bool:
    """Whether these bytes are a key."""
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def take_in(keys: list[bytes]) -> list[str]:
    """Put keys that were kept elsewhere, the oldest first, into the folder. Returns their ids.

    Where keys are already, these only open what they sealed and never seal again: one of them may have been retired.
    """
    folder = key_folder()
    here = {path.read_bytes().strip() for path in folder.glob("*.key")}
    for number, key in enumerate(keys, start=1):
        if key not in here:
            _put(folder, f"{TAKEN_IN}.{_id_of(key)}.key" if here else f"{number:04d}.key", key)
    return [_id_of(key) for key in keys]


def take_in_derived(key_id: str, purpose: str, content: str) -> None:
    """The same for what a retired key left. Raises ValueError for anything else."""
    if not re.fullmatch(r"[0-9a-f]{8}", key_id) or purpose not in KEPT_PURPOSES:
        raise ValueError(f"{key_id}.{purpose}")
    if len(bytes.fromhex(content.strip())) != sha256().digest_size:
        raise ValueError(purpose)
    _put(key_folder(), f"{key_id}.{purpose}", content.strip().encode())


def are_given() -> bool:
    """Whether the keys come from SECRETS_KEYS: then the folder's are not used."""
    return any(settings.SECRETS_KEYS)


def key_folder() -> Path:
    """Where keys lie that were not given: DATA_DIR/keys, for nobody but us."""
    folder = Path(settings.DATA_DIR) / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _newest() -> tuple[str, bytes]:
    """The key that seals, made now where there never was one. Raises KeysLost."""
    if not _keys():
        if any(asked() for asked in NEEDED_BY):
            raise KeysLost(folder=key_folder())
        _put(key_folder(), "0001.key", Fernet.generate_key())  # by this name, so that two who begin at once agree
    return next(iter(_keys().items()))


def _keys() -> dict[str, bytes]:
    """Key id to key, newest first. A key that somebody adds while we run is seen at once."""
    if are_given():
        return {_id_of(key.encode()): key.encode() for key in settings.SECRETS_KEYS if key}
    folder = key_folder()
    return _keys_of(folder, (folder.stat().st_mtime_ns, *sorted(os.listdir(folder))))  # noqa: PTH208 - names only


@lru_cache(maxsize=8)
def _keys_of(folder: Path, _state: tuple[int | str, ...]) -> dict[str, bytes]:
    return {_id_of(key): key for key in _keys_of_folder(folder)}


def _id_of(key: bytes) -> str:
    return sha256(key).hexdigest()[:8]


def _keys_of_folder(folder: Path) -> list[bytes]:
    return [path.read_bytes().strip() for path in sorted(folder.glob("*.key"), reverse=True)]


def _put(folder: Path, name: str, content: bytes) -> None:
    """A key has its name only when it is whole: two processes that start at once agree on one."""
    handle, aside = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, folder / name)
    finally:
        Path(aside).unlink(missing_ok=True)
