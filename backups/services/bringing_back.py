"""Holdfast itself, back from a copy: on a bare host, or in the place of data that is then set aside.

Everything is looked at before anything is changed; all comes back whole, or the database is as it was. What comes back
is held: nobody knows what happened since the copy, nor whether this is the house that goes on or one for a drill.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from backups.adapters import folder as files
from backups.adapters.own_files import Unpacked, unpack
from backups.adapters.postgres import own as database
from backups.choices import Engine
from backups.errors.bringing_back import (
    DataIsHere,
    KeysAreGiven,
    KeysNeeded,
    KeysUnreadable,
    OwnRestoreFailed,
    OwnRestoreUnfinished,
    StillRunning,
)
from backups.services.own_copies import OwnCopy, opened_copy
from backups.services.settling import Left, settle
from common import secrets
from common.resealing import missing_keys
from common.schema import fit
from ledger import heads
from ledger.findings import Report
from ledger.verify import verify

STORED_FILES = "files"


@dataclass
class Back:
    """What is back, and what is not.

    aside: the schema in which the data from before is kept, or empty.  has_canary: whether the last row before the
    copy came back; None where none was written.  missing_keys: ids of keys that something stored still needs.
    """

    taken_at: datetime
    manifest_sha256: str
    aside: str = ""
    has_canary: bool | None = None
    unpacked: Unpacked = field(default_factory=Unpacked)
    left: Left = field(default_factory=Left)
    keys: list[str] = field(default_factory=list)
    missing_keys: list[str] = field(default_factory=list)
    ledger: Report = field(default_factory=Report)


def bring_back(
    path: Path,
    *,
    keys: Path | None = None,
    without_keys: bool = False,
    over: bool = False,
    digest: str = "",
    revoke_keys: bool = False,
) -> Back:
    """Bring Holdfast back from the copy in a folder. Ended at any moment, it can be called again.

    keys: the folder that is kept outside.  over: even where data is.  digest: of the copy's list of contents, where
    somebody kept it.  revoke_keys: no key of the copy works. Raises DomainError; the database is then as it was,
    except after OwnRestoreUnfinished.
    """
    with opened_copy(path, digest=digest) as copy, _nobody_else():
        given = _keys_of(keys, without_keys=without_keys)
        _undo_unfinished()
        if database.tables() and not over:
            raise DataIsHere
        copy.check()
        back = Back(taken_at=copy.taken_at, manifest_sha256=copy.manifest_sha256)
        back.keys = secrets.take_in(given)
        if without_keys and not secrets.key_ids():
            secrets.add_key()
        _take_derived(keys)
        with _all_or_nothing() as back.aside:
            _load(copy)
            back.has_canary = _canary(copy)
            back.unpacked = _files(copy)
            call_command("migrate", interactive=False, verbosity=0)
            with transaction.atomic():
                back.left = settle(copy, revoke_keys=revoke_keys)
                database.finish()
        back.missing_keys = sorted(missing_keys())
        back.ledger = verify()
    return back


@contextmanager
def _all_or_nothing() -> Iterator[str]:
    """What was here is set aside; whatever stops the block, it is put back. Files that came meanwhile harm nothing.

    Raises OwnRestoreFailed where a disk or the database gave up.
    """
    try:
        with database.set_aside(timezone.now()) as aside:
            try:
                _heads_aside(aside)
                yield aside
            except BaseException:
                _heads_back(aside)
                raise
    except (OSError, DatabaseError) as error:
        said = " ".join(str(error).split())[:500]
        raise (OwnRestoreUnfinished if _is_unfinished() else OwnRestoreFailed)(said=said) from error


def _is_unfinished() -> bool:
    try:
        return database.is_unfinished()
    except DatabaseError:  # nobody knows, so it is not said to be whole
        return True


def _undo_unfinished() -> None:
    """Somebody was ended while bringing a copy back here."""
    aside = database.put_back()
    if aside is not None:
        _heads_back(aside)


@contextmanager
def _nobody_else() -> Iterator[None]:
    """Raises StillRunning. Until the end nothing of Holdfast starts here."""
    run = Path(settings.DATA_DIR) / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (run / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StillRunning from None
        if database.others():
            raise StillRunning
        yield


def _load(copy: OwnCopy) -> None:
    """The database, in one transaction; one of a newer release is refused and undone."""
    part = copy.part(Engine.POSTGRESQL)
    major = int(str(part.facts.get("server_version", "0")).partition(".")[0])
    connection.close()
    finished = database.load(str(copy.path(part.files[0])), at_least_major=major)
    if finished.exit_code != 0:
        raise OwnRestoreFailed(said=finished.tail.strip()[-500:])
    if (found := fit()).is_newer:
        raise OwnRestoreFailed(said=found.sentence)


def _canary(copy: OwnCopy) -> bool | None:
    canary = copy.part(Engine.POSTGRESQL).canary
    return database.has_canary(canary) if canary else None


def _files(copy: OwnCopy) -> Unpacked:
    part = copy.part(Engine.FOLDER)
    archive, contents = part.files
    [digest] = [file["sha256"] for file in copy.manifest["files"] if file["name"] == contents]
    with copy.folder.file(copy.name, contents) as listed, copy.folder.file(copy.name, archive) as packed:
        entries = files.read_list(listed, digest=digest, most=int(part.facts["entries"]))
        return unpack(packed, entries, Path(settings.DATA_DIR) / STORED_FILES)


def _heads_aside(aside: str) -> None:
    """Heads of seals that were made after the copy are of a history that is set aside."""
    if heads.path().exists():
        heads.path().replace(_kept_heads(aside))


def _heads_back(aside: str) -> None:
    if _kept_heads(aside).exists():
        _kept_heads(aside).replace(heads.path())


def _kept_heads(aside: str) -> Path:
    return heads.path().with_name(f"ledger-heads.{aside or 'before'}.log")


def _keys_of(folder: Path | None, *, without_keys: bool) -> list[bytes]:
    """The keys of the folder, the oldest first. Raises KeysNeeded, KeysUnreadable, KeysAreGiven."""
    if folder is None:
        has_keys = secrets.are_given() or any(secrets.key_folder().glob("*.key"))
        if not has_keys and not without_keys:
            raise KeysNeeded
        return []
    if secrets.are_given():
        raise KeysAreGiven
    try:
        keys = [path.read_bytes().strip() for path in sorted(folder.glob("*.key"))]
    except OSError as error:
        raise KeysUnreadable(path=folder) from error
    if not keys or not all(secrets.is_key(key) for key in keys):
        raise KeysUnreadable(path=folder)
    return keys


def _take_derived(folder: Path | None) -> None:
    """What retired keys left behind, so that their signatures can be checked here too."""
    for path in sorted(folder.glob("????????.*")) if folder is not None else []:
        key_id, _dot, purpose = path.name.partition(".")
        try:
            secrets.take_in_derived(key_id, purpose, path.read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            raise KeysUnreadable(path=path) from error
