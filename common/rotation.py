"""Changing the key that seals secrets, while everything runs. May be killed at any moment and begun again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import secrets
from common.errors import DomainError
from common.facts import announce
from common.key_signals import KEY_RETIRED, KEYS_ROTATED, KEYS_SAVED
from common.models import SealingKey
from common.resealing import reseal, used_by

#: Only one at a time; the number is nobody else's. Freed by the database when its holder dies.
LOCK = 7_465_163
#: What began so soon after a key was made may still have been given the one before.
SETTLES_SECONDS = 10


class RotationRuns(DomainError):
    """Somebody else is rotating at this moment."""

    code = "rotation_runs"
    template = _("The keys are being rotated already.")


class KeyInUse(DomainError):
    """A key that still opens something."""

    code = "key_in_use"
    template = _("The key %(key)s is still needed by %(places)s. Run manage.py rotate_secrets first.")


class KeyTooYoung(DomainError):
    """Something that began before the newest key was there may still write what it sealed with an older one."""

    code = "key_too_young"
    template = _(
        "The newest key is younger than the oldest work on the database, which may still hold a secret sealed with an "
        "older key. Wait until that work has ended, then try again; the longest runs since %(since)s."
    )


@dataclass(frozen=True)
class Rotated:
    """What a rotation did. values: how many were sealed again, by place.  unreadable: values without their key."""

    key_id: str
    is_new: bool
    values: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)


def rotate() -> Rotated:
    """Seal every secret with the newest key, made now unless an earlier rotation did not finish.

    Keys of SECRETS_KEYS are the operator's to make: the first of them is the newest. Raises RotationRuns.
    """
    with _alone():
        is_new = not secrets.are_given() and not _is_unfinished()
        key_id = secrets.add_key() if is_new else secrets.key_ids()[0]
        done = reseal(key_id)
        with transaction.atomic():
            SealingKey.objects.get_or_create(key_id=key_id)
            announce(KEYS_ROTATED, key_id=key_id, values=sum(done.values.values()))
    return Rotated(key_id, is_new, done.values, done.unreadable)


def retire() -> list[str]:
    """Remove every key but the newest, provided that nothing needs it any more. Returns their ids.

    Keys of SECRETS_KEYS are only noted: the operator takes them out. Raises KeyTooYoung, KeyInUse, RotationRuns.
    """
    with _alone():
        _check_settled()
        here = secrets.key_ids()
        newest, older = (here[0], here[1:]) if here else ("", [])
        for key_id in older:
            if places := used_by(key_id):
                raise KeyInUse(key=key_id, places=", ".join(places))
        for key_id in older:
            with transaction.atomic():
                note = {"retired_at": timezone.now()}
                SealingKey.objects.update_or_create(key_id=key_id, defaults=note)
                announce(KEY_RETIRED, key_id=key_id, newest=newest)
                secrets.retire_key(key_id)
    return older


@transaction.atomic
def confirm_saved() -> list[str]:
    """Somebody says that a copy of all keys lies outside. Returns the ids that this was not known of."""
    confirmed = []
    for key_id in unsaved():
        SealingKey.objects.update_or_create(key_id=key_id, defaults={"saved_at": timezone.now()})
        announce(KEYS_SAVED, key_id=key_id)
        confirmed.append(key_id)
    return confirmed


def unsaved() -> list[str]:
    """The keys of which nobody said that a copy lies outside."""
    saved = set(SealingKey.objects.filter(saved_at__isnull=False).values_list("key_id", flat=True))
    return [key_id for key_id in secrets.key_ids() if key_id not in saved]


def _check_settled() -> None:
    """Raises KeyTooYoung. Once nothing older than the newest key is open, all that older keys sealed can be seen.

    Ages are compared, not times: the database may stand on a host with another clock.
    """
    if secrets.are_given() or not secrets.key_ids():
        return  # every part was restarted with the new key, or there is none
    made_at = max(path.stat().st_mtime for path in secrets.key_folder().glob("*.key"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            " AND clock_timestamp() - xact_start > make_interval(secs => %s)",
            [time.time() - made_at - SETTLES_SECONDS],
        )
        since = cursor.fetchone()[0]
    if since is not None:
        raise KeyTooYoung(since=since.astimezone(UTC).isoformat(timespec="seconds"))


def _is_unfinished() -> bool:
    """Whether something that can be sealed again is still sealed with an older key."""
    return any(used_by(key_id, only_known=True) for key_id in secrets.key_ids()[1:])


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        if not _locked(cursor):
            raise RotationRuns
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _locked(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])
