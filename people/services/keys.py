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
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.services import Actor, record
from people.choices import Role
from people.errors import (
    ExpiresInThePast,
    MoreThanItself,
    OwnKeyTooLong,
    RoleNotHeld,
    TooManyKeys,
    UnknownRole,
    UnknownScope,
    WrongDetails,
)
from people.models import ApiKey, User
from people.selectors import roles_of, working_keys

#: Apps that have an API of their own, by floor. A scope names one of them.
APPS_WITH_API = ("ledger", "people", "catalog", "notify", "actions", "backups", "runbooks", "incidents", "readiness")
OWN_KEYS = 10
OWN_KEY_DAYS = 366


@dataclass(frozen=True)
class NewKey:
    """A key at the only moment at which its text is known."""

    row: ApiKey
    text: str


@transaction.atomic
def create_api_key(
    *,
    name: str,
    role: str,
    by: Actor,
    scopes: Iterable[str] = (),
    expires_at: datetime | None = None,
    owner: User | None = None,
    parent: ApiKey | None = None,
) -> NewKey:
    """Make a key for the program of this name, which is made when it is new. It acts with this role only.

    owner: whose own key it is. A key of the organisation has none and outlives whoever made it.
    parent: the key with which this one is made. It can do no more, works no longer and is the same person's.

    scopes: `app:read` or `app:write` (write includes read); none means all that the role may do.
    Raises UnknownRole, UnknownScope, ExpiresInThePast, MoreThanItself, TooManyKeys or WrongDetails.
    """
    if role not in Role.values:
        raise UnknownRole(role=role, roles=", ".join(Role.values))
    wanted = sorted(set(scopes))
    for scope in wanted:
        _check_scope(scope)
    if expires_at is not None and expires_at <= timezone.now():
        raise ExpiresInThePast
    if parent is not None:
        _check_within(parent, role, wanted)
        owner, expires_at = parent.owner, _earlier(expires_at, parent.expires_at)
    if owner is not None:
        _check_room(owner)
    prefix = secrets.token_hex(4)
    text = f"hf_{prefix}_{secrets.token_hex(24)}"
    row = ApiKey.objects.create(
        user=_program(name.strip(), prefix, by, owner),
        owner=owner,
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


@transaction.atomic
def create_own_key(*, person: User, name: str, role: str, days: int, scopes: Iterable[str] = ()) -> NewKey:
    """Make a key for a program of the person's own. It ends after so many days, with the role, and with the person.

    Raises RoleNotHeld, TooManyKeys, OwnKeyTooLong, and what `create_api_key` raises.
    """
    locked = User.objects.select_for_update().get(pk=person.pk)
    if role in Role.values and role not in roles_of(locked):
        raise RoleNotHeld(role=Role(role).label)
    if not 1 <= days <= OWN_KEY_DAYS:
        raise OwnKeyTooLong(limit=OWN_KEY_DAYS)
    ends_at = timezone.now() + timedelta(days=days)
    return create_api_key(name=name, role=role, by=person, scopes=scopes, expires_at=ends_at, owner=locked)


@transaction.atomic
def revoke_own_keys(*, person: User, by: Actor, roles: Iterable[str] | None = None) -> int:
    """End the person's own keys, or those with one of these roles. Returns how many."""
    keys = ApiKey.objects.filter(owner=person, revoked_at__isnull=True)
    if roles is not None:
        keys = keys.filter(role__in=list(roles))
    for key in keys:
        revoke_api_key(key_id=key.pk, by=by)
    return len(keys)


@transaction.atomic
def revoke_every_key(*, by: Actor) -> int:
    """End every key that still works, of programs and of people. Returns how many."""
    keys = list(working_keys(timezone.now()).values_list("pk", flat=True))
    for key_id in keys:
        revoke_api_key(key_id=key_id, by=by)
    return len(keys)


def hash_of(text: str) -> str:
    """What is kept of a key. It is long and random, so one round is enough."""
    return sha256(text.encode()).hexdigest()


def _check_scope(scope: str) -> None:
    found = re.fullmatch(r"([a-z]+):(read|write)", scope)
    if not found or found[1] not in APPS_WITH_API or not apps.is_installed(found[1]):
        raise UnknownScope(scope=scope, apps=", ".join(APPS_WITH_API))


def _check_within(parent: ApiKey, role: str, scopes: list[str]) -> None:
    """Raises MoreThanItself. A person's key stays with the role it has: with that role it ends."""
    if parent.owner is not None and role != parent.role:
        raise MoreThanItself
    covered = {*parent.scopes, *(scope.replace(":write", ":read") for scope in parent.scopes)}
    if parent.scopes and not (scopes and covered.issuperset(scopes)):
        raise MoreThanItself


def _check_room(owner: User) -> None:
    """Raises TooManyKeys. The person is locked, so that two cannot take the last place."""
    User.objects.select_for_update().get(pk=owner.pk)
    if working_keys(timezone.now()).filter(owner=owner).count() >= OWN_KEYS:
        raise TooManyKeys(limit=OWN_KEYS)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """None is never."""
    return min((each for each in (one, other) if each is not None), default=None)


def _program(name: str, prefix: str, by: Actor, owner: User | None) -> User:
    """The machine user of this name. One program may hold several keys, so that a new one can replace an old one.

    Own keys of a person never join a program of the organisation, nor one of somebody else.
    """
    if not name or len(name) > 120 or not name.isprintable():
        raise WrongDetails(fields={"name": [_("Give a name of at most 120 printable characters.")]})
    programs = User.objects.filter(is_machine=True, is_active=True, name=name)
    of_others = ApiKey.objects.filter(user=OuterRef("pk")).exclude(owner=owner) if owner else None
    owned = ApiKey.objects.filter(user=OuterRef("pk"), owner__isnull=False)
    programs = programs.filter(~Exists(of_others if of_others is not None else owned))
    program = programs.order_by("created_at").first()
    if program is None:
        program = User(username=f"program-{prefix}", name=name, is_machine=True)
        program.set_unusable_password()
        program.save()
        record(verb="program.created", subject=program, actor=by)
    return program
