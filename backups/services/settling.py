"""What came back from a copy was true of another host and another hour: it must not go on by itself."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import notify.services
import people.selectors
import people.services
from backups.adapters.local import MARK
from backups.models import BackupPolicy, Repository
from backups.services.ending import end_open
from backups.services.own_copies import OwnCopy
from backups.services.repositories import OWN_COPIES
from ledger.services import record
from people.models import User

ACTOR = "system:restore_holdfast"


@dataclass
class Left:
    """What a copy still held of the life that it was taken from, and what was done to it.

    people and keys: how many can sign in and call now; what was changed of them since the copy is not known.
    """

    deliveries: int = 0
    runs: int = 0
    sessions: int = 0
    revoked_keys: int = 0
    people: int = 0
    keys: int = 0


@transaction.atomic
def settle(copy: OwnCopy, *, revoke_keys: bool) -> Left:
    """Nothing that waited goes out, nobody is signed in, and everything is held until somebody says otherwise."""
    now = timezone.now()
    policy = BackupPolicy.objects.select_related("repository").get(is_own=True)
    people.services.hold(copy_taken_at=copy.taken_at, by=ACTOR)
    people.services.forget_password_resets()
    left = Left(
        deliveries=notify.services.call_off_everything(now=now, by=ACTOR),
        runs=end_open(now=now, by=ACTOR),
        sessions=people.services.end_every_session(by=ACTOR),
        revoked_keys=people.services.revoke_every_key(by=ACTOR) if revoke_keys else 0,
        people=User.objects.filter(is_active=True, is_machine=False).count(),
        keys=people.selectors.working_keys(now).count(),
    )
    _move_repository(policy.repository)
    data = {"copy": copy.name, "taken_at": copy.taken_at.isoformat(), "manifest_sha256": copy.manifest_sha256}
    record(verb="holdfast.brought_back", subject=policy, actor=ACTOR, data=data | asdict(left))
    return left


def _move_repository(repository: Repository) -> None:
    """Our own copies lie on this host from now on."""
    location = Path(settings.DATA_DIR) / OWN_COPIES
    if Path(repository.location).name == OWN_COPIES and not Path(repository.location).is_dir():
        data = {"before": repository.location, "after": str(location)}
        Repository.objects.filter(pk=repository.pk).update(location=str(location), version=repository.version + 1)
        _mark(location, repository)
        record(verb="repository.moved", subject=repository, actor=ACTOR, data=data)


def _mark(location: Path, repository: Repository) -> None:
    """The folder counts as that repository from now on: it is ours, and it is new."""
    location.mkdir(mode=0o700, exist_ok=True)
    if not (location / MARK).exists():
        handle = os.open(location / MARK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{repository.pk}\n")
