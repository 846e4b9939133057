"""Secrets at rest: sealed with keys that lie beside the data, never in the database.

A sealed value is `key id:token`. Keys come from SECRETS_KEYS (newest first) or from
`DATA_DIR/keys/` (0600), and are made on first use. They are not part of any backup.
"""

import os
import re
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError

MASK = "••••••"


class KeyMissing(DomainError):
    """A sealed value whose key is not here."""

    code = "key_missing"
    status = 409
    template = _(
        "The key “%(key)s” that sealed this secret is not here. "
        "Put it back into the key folder, or enter the secret again."
    )


class SecretDamaged(DomainError):
    """A sealed value that was changed since it was sealed."""

    code = "secret_damaged"
    status = 409
    template = _("This secret cannot be read any more: what is kept of it was changed. Enter it again.")


def seal(text: str) -> str:
    """Seal a text with the newest key."""
    key_id, key = next(iter(_keys().items()))
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
    """Id and bytes of a key for another purpose, e.g. proving who wrote a ledger entry."""
    key_id, key = next(iter(_keys().items()))
    return key_id, _derive(purpose, key)


def derived_key_by_id(purpose: str, key_id: str) -> bytes | None:
    """The same for an older key; None when it is not here."""
    key = _keys().get(key_id)
    return _derive(purpose, key) if key else None


def _derive(purpose: str, key: bytes) -> bytes:
    return sha256(b"holdfast:" + purpose.encode() + b":" + key).digest()


def mask(text: str, *secrets: str) -> str:
    """The text with every secret in it covered."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return re.sub(r"(://[^:/@\s]+:)[^@\s]+@", rf"\1{MASK}@", text)


@cache
def _keys() -> dict[str, bytes]:
    """Key id to key, newest first."""
    given = [key for key in getattr(settings, "SECRETS_KEYS", []) if key]
    keys = [key.encode() for key in given] or _keys_of_folder(Path(settings.DATA_DIR) / "keys")
    return {sha256(key).hexdigest()[:8]: key for key in keys}


def _keys_of_folder(folder: Path) -> list[bytes]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(folder.glob("*.key")):
        _make_first(folder)
    return [path.read_bytes().strip() for path in sorted(folder.glob("*.key"), reverse=True)]


def _make_first(folder: Path) -> None:
    """A key has its name only when it is whole: two processes that start at once agree on one."""
    handle, aside = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, folder / "0001.key")
    finally:
        Path(aside).unlink(missing_ok=True)
