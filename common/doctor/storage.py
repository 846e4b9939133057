"""DATA_DIR and the keys in it: room, rights, and whether the keys lie elsewhere too."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from common import fonts, rotation, secrets
from common.doctor.findings import Finding, broken, ok, warn
from common.doctor.rounds import examines
from common.resealing import is_anything_sealed, missing_keys

GIBIBYTE = 1024**3
#: Below the first nothing can be relied on any more; below the second somebody should make room.
TOO_LITTLE, LITTLE = 1 * GIBIBYTE, 5 * GIBIBYTE


@examines("storage")
def storage() -> Iterator[Finding]:
    """Whether DATA_DIR takes files and has room for them."""
    folder = Path(settings.DATA_DIR)
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        yield broken(f"{folder} cannot be written: {problem.strerror}", "Mend the disk or the rights of the folder.")
        return
    free = shutil.disk_usage(folder).free
    told = f"{folder}: {free / GIBIBYTE:.1f} GiB free"
    if free < TOO_LITTLE:
        yield broken(told, "Make room: databases and copies need it.")
    else:
        yield warn(told, "Make room soon.") if free < LITTLE else ok(told)
    yield from _open_to_others(folder / "secrets")


@examines("keys")
def keys_of_secrets() -> Iterator[Finding]:
    """Whether the keys of secrets are closed to others, and known to lie outside too."""
    try:
        unsaved, missing = rotation.unsaved(), sorted(missing_keys())
        is_lost = not secrets.key_ids() and is_anything_sealed()
    except DatabaseError:
        unsaved, missing, is_lost = secrets.key_ids(), [], False
    if missing or is_lost:
        yield broken(
            f"keys that sealed stored secrets are not here: {', '.join(missing) or 'all'}",
            f"Put them back into {secrets.key_folder()}. Lost for ever: manage.py rotate_secrets makes a new one, "
            "then enter every stored password again.",
        )
    if unsaved:
        where = "SECRETS_KEYS" if secrets.are_given() else str(secrets.key_folder())
        yield warn(
            f"nobody confirmed that a copy of {', '.join(unsaved)} lies outside; no backup holds it",
            f"Copy {where} to a safe place outside, then run: manage.py doctor --keys-saved",
        )
    elif secrets.key_ids():
        yield ok("a copy of every key lies outside, as was confirmed")
    elif not is_lost:
        yield ok("nothing was sealed yet, so there is no key")
    if older := secrets.key_ids()[1:]:
        yield warn(
            f"older keys are still here: {', '.join(older)}",
            "Run manage.py rotate_secrets --retire when nothing needs them.",
        )
    if not secrets.are_given():
        yield from _open_to_others(secrets.key_folder())


@examines("fonts")
def fonts_of_documents() -> Iterator[Finding]:
    """Whether documents in Chinese can carry their own font."""
    found = fonts.chinese()
    yield ok(f"for documents in Chinese: {found.name}" if found else "optional, for documents in Chinese: none is here")


def _open_to_others(folder: Path) -> Iterator[Finding]:
    """Nothing but what only we can enter and read is well."""
    paths = [folder, *folder.iterdir()] if folder.is_dir() else []
    loose = [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        some = ", ".join(str(path) for path in loose[:3])
        yield broken(f"others can read {some}", f"Run: chmod -R go-rwx {folder}")
    elif paths:
        yield ok(f"{folder} is closed to others")
