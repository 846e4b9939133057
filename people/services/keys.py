"""Keys of programs: shown once, kept as a hash."""

import re
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.services import Actor, record
from people.choices import Role
from people.errors import ExpiresInThePast, UnknownRole, UnknownScope, WrongDetails
from people.models import ApiKey, User

#: Apps that have an API of their own, by floor. A scope names one of them.
APPS_WITH_API = ("ledger", "people", "catalog", "notify", "backups", "runbooks", "incidents", "readiness")
USE_IS_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class NewKey:
    """A key at the only moment at which its text is known."""

    row: ApiKey
    text: str


@transaction.atomic
def create_api_key(
    *, name: str, role: str, by: Actor, scopes: Iterable[str] = (), expires_at: datetime | None = None
) -> NewKey:
    """Make a key for the program of this name, which is made when it is new. It acts with this role only.

    scopes: `app:read` or `app:write` (write includes read); none means all that the role may do.
    Raises UnknownRole, UnknownScope, ExpiresInThePast or WrongDetails.
    """
    if role not in Role.values:
        raise UnknownRole(role=role, roles=", ".join(Role.values))
    wanted = sorted(set(scopes))
    for scope in wanted:
        _check_scope(scope)
    if expires_at is not None and expires_at <= timezone.now():
        raise ExpiresInThePast
    prefix = secrets.token_hex(4)
    text = f"hf_{prefix}_{secrets.token_hex(24)}"
    row = ApiKey.objects.create(
        user=_program(name.strip(), prefix, by),
        name=name.strip(),
        role=role,
        scopes=wanted,
        prefix=prefix,
        hash=hash_of(text),
        expires_at=expires_at,
    )
    record(verb="api_key.created", subject=row, actor=by, data={"role": role, "scopes": wanted})
    return NewKey(row, text)


@transaction.atomic
def revoke_api_key(*, key_id: uuid.UUID | str, by: Actor) -> ApiKey:
    """End a key at once. The second call does nothing."""
    key = ApiKey.objects.select_for_update().get(pk=key_id)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        record(verb="api_key.revoked", subject=key, actor=by)
    return key


def note_use_of(key: ApiKey, *, now: datetime) -> None:
    """Keep when the key was last used, to the minute."""
    ApiKey.objects.filter(
        Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USE_IS_NOTED_EVERY), pk=key.pk
    ).update(last_used_at=now)


def hash_of(text: str) -> str:
    """What is kept of a key. It is long and random, so one round is enough."""
    return sha256(text.encode()).hexdigest()


def _check_scope(scope: str) -> None:
    found = re.fullmatch(r"([a-z]+):(read|write)", scope)
    if not found or found[1] not in APPS_WITH_API or not apps.is_installed(found[1]):
        raise UnknownScope(scope=scope, apps=", ".join(APPS_WITH_API))


def _program(name: str, prefix: str, by: Actor) -> User:
    """The machine user of this name. One program may hold several keys, so that a new one can replace an old one."""
    if not name or len(name) > 120 or not name.isprintable():
        raise WrongDetails(fields={"name": [_("Give a name of at most 120 printable characters.")]})
    program = User.objects.filter(is_machine=True, is_active=True, name=name).order_by("created_at").first()
    if program is None:
        program = User(username=f"program-{prefix}", name=name, is_machine=True)
        program.set_unusable_password()
        program.save()
        record(verb="program.created", subject=program, actor=by)
    return program
