"""What is kept: the folder of all data, and the keys."""

import base64
import binascii
import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from common.embedded.places import Places
from config.environment.reading import BASE_DIR, number, read
from config.environment.table import EXPECTED, WrongSettingError, wrong

#: A closed folder would lock out the user that the servers run as.
ROOTS_DATA = Path("/var/lib/holdfast")


def data_dir() -> Path:
    """Where everything is kept, made when missing."""
    folder = Path(read("DATA_DIR") or default_data_dir())
    if not folder.is_absolute():
        raise wrong("DATA_DIR")
    try:
        Places(folder).make()
    except OSError as problem:
        raise WrongSettingError("DATA_DIR", f"{EXPECTED['DATA_DIR']} ({problem.strerror}: {folder})") from None
    return folder


def default_data_dir() -> Path:
    """`var` in the clone; for root a folder outside it, which the servers' user can enter."""
    if os.geteuid() == 0:
        return ROOTS_DATA / sha256(str(BASE_DIR).encode()).hexdigest()[:12]
    return BASE_DIR / "var"


def secret_key(places: Places) -> str:
    """What signs sessions and links."""
    given = read("SECRET_KEY")
    if given and len(given) < 32:
        raise wrong("SECRET_KEY")
    return given or places.secret("secret-key")


def secrets_keys() -> list[str]:
    """The given keys for stored secrets, newest first; empty when they are kept in DATA_DIR."""
    keys = [key.strip() for key in read("SECRETS_KEYS").split(",") if key.strip()]
    for key in keys:
        try:
            usable = len(base64.urlsafe_b64decode(key.encode("ascii"))) == 32
        except (binascii.Error, UnicodeEncodeError):
            usable = False
        if not usable:
            raise wrong("SECRETS_KEYS")
    return keys


def run_output_kept() -> timedelta:
    """How long what the tools printed in runs is kept."""
    return timedelta(days=number("RUN_OUTPUT_KEPT_DAYS", "400", 3650))


def attempts_kept() -> timedelta:
    """How long sign-ins are remembered for the lock-out."""
    return timedelta(days=number("ATTEMPTS_KEPT_DAYS", "90", 3650))
