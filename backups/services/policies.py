"""Setting up what is saved: every change raises the version, is recorded, and tells proof what it stands on now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from backups.errors import WrongPolicy
from backups.models import BackupPolicy
from backups.services.scheduling import restart_schedules, set_schedules
from backups.sources import wrong_in_assertions, wrong_in_source
from catalog.models import System
from catalog.services import set_basis
from common.errors import Stale
from common.secrets import seal
from ledger.services import Actor, record

#: What an administrator may set on a policy.
SETTABLE = (
    "name",
    "slug",
    "system",
    "repository",
    "engine",
    "source",
    "owner",
    "assertions",
    "fresh_for",
    "smallest_bytes",
    "wall_clock",
    "keep_copies",
    "accept_no_isolation",
)
LONGEST_PASSWORD = 1000
#: What is fixed once copies were made under it.
FIXED = ("slug", "system", "repository", "engine")
#: What is fixed from the beginning where Holdfast saves itself; its source has no password to set either.
FIXED_FOR_OWN = ("slug", "source", "engine")


@transaction.atomic
def create_policy(
    *, by: Actor, password: str = "", schedules: Sequence[Mapping[str, str]] = (), **columns: Any
) -> BackupPolicy:
    """Say that a system is saved, how, and where to.

    columns: those of SETTABLE.  schedules: each with kind, rule and time_zone.
    Raises WrongPolicy, naming fields, WrongSchedule or WrongZone.
    """
    policy = BackupPolicy(**_only_settable(columns), source_secret=_sealed(password))
    _check(policy)
    policy.save()
    record(verb="backup_policy.created", subject=policy, actor=by, data={"after": _facts(policy)})
    set_schedules(policy=policy, schedules=schedules, by=by)
    note_method(policy.system, now=timezone.now())
    return policy


@transaction.atomic
def change_policy(
    *,
    policy_id: UUID | str,
    by: Actor,
    version: int | None,
    password: str | None = None,
    schedules: Sequence[Mapping[str, str]] | None = None,
    **columns: Any,
) -> BackupPolicy:
    """Change a policy that was read at `version` (None: whatever it is). What is None stays.

    Raises Stale, WrongPolicy, WrongSchedule or WrongZone.
    """
    policy = _locked(policy_id, version)
    before = _facts(policy)
    changed = {name: value for name, value in _only_settable(columns).items() if getattr(policy, name) != value}
    if fixed := changed.keys() & _fixed(policy):
        raise WrongPolicy(fields={name: [_why_fixed(policy, name)] for name in sorted(fixed)})
    if policy.is_own and password is not None:
        raise WrongPolicy(fields={"password": [str(WrongPolicy.fixed_for_own)]})
    for name, value in changed.items():
        setattr(policy, name, value)
    if changed:
        _check(policy)
        _save(policy, *changed)
        record(verb="backup_policy.changed", subject=policy, actor=by, data={"before": before, "after": _facts(policy)})
        note_method(policy.system, now=timezone.now())
    if schedules is not None:
        set_schedules(policy=policy, schedules=schedules, by=by)
    if password is not None:
        return set_source_secret(policy_id=policy.pk, by=by, password=password)
    return policy


@transaction.atomic
def set_source_secret(*, policy_id: UUID | str, by: Actor, password: str, version: int | None = None) -> BackupPolicy:
    """Keep the source's password, sealed. It is never read back. An empty one removes it."""
    policy = _locked(policy_id, version)
    if policy.is_own:
        raise WrongPolicy(fields={"password": [str(WrongPolicy.fixed_for_own)]})
    policy.source_secret = _sealed(password)
    _save(policy, "source_secret")
    record(verb="backup_policy.secret_set", subject=policy, actor=by, data={"is_set": bool(password)})
    return policy


@transaction.atomic
def pause_policy(*, policy_id: UUID | str, by: Actor) -> BackupPolicy:
    """Let nothing fall due until it is resumed. Safe to call twice."""
    return _set_paused(policy_id, by, is_paused=True)


@transaction.atomic
def resume_policy(*, policy_id: UUID | str, by: Actor) -> BackupPolicy:
    """Let its schedules fall due again, from the next slot on. Safe to call twice."""
    return _set_paused(policy_id, by, is_paused=False)


def note_method(system: System, *, now: datetime) -> None:
    """Tell proof how the system is saved now: another method was not proven yet."""
    policies = list(system.policies.select_related("repository").order_by("slug"))
    methods = {
        policy.slug: {
            "engine": policy.engine,
            "source": policy.source,
            "repository": [policy.repository.kind, policy.repository.location],
            "assertions": policy.assertions,
        }
        for policy in policies
    }
    label = ", ".join(policy.name for policy in policies)
    set_basis(system=system, part="backup_method", fingerprint_of=methods, label=label, now=now)


def _set_paused(policy_id: UUID | str, by: Actor, *, is_paused: bool) -> BackupPolicy:
    policy = _locked(policy_id, None)
    if policy.is_paused != is_paused:
        policy.is_paused = is_paused
        _save(policy, "is_paused")
        record(verb="backup_policy.paused" if is_paused else "backup_policy.resumed", subject=policy, actor=by)
        if not is_paused:
            restart_schedules(policy, now=timezone.now())
    return policy


def _sealed(password: str) -> str:
    if "\x00" in password or len(password) > LONGEST_PASSWORD:
        raise WrongPolicy(fields={"password": [str(WrongPolicy.wrong_password)]})
    return seal(password) if password else ""


def _locked(policy_id: UUID | str, version: int | None) -> BackupPolicy:
    policy = (
        BackupPolicy.objects.select_for_update(of=["self"]).select_related("system", "repository").get(pk=policy_id)
    )
    if version is not None and policy.version != version:
        raise Stale
    return policy


def _save(policy: BackupPolicy, *names: str) -> None:
    BackupPolicy.objects.filter(pk=policy.pk).update(
        version=F("version") + 1, **{name: getattr(policy, name) for name in names}
    )
    policy.version += 1


def _fixed(policy: BackupPolicy) -> set[str]:
    """What cannot be changed: where copies lie that were made, and what Holdfast saves of itself."""
    return (set(FIXED) if policy.copies.exists() else set()) | (set(FIXED_FOR_OWN) if policy.is_own else set())


def _why_fixed(policy: BackupPolicy, name: str) -> str:
    is_of_own = policy.is_own and name in FIXED_FOR_OWN
    return str(WrongPolicy.fixed_for_own if is_of_own else WrongPolicy.fixed_once_used)


def _only_settable(columns: dict[str, Any]) -> dict[str, Any]:
    if unknown := columns.keys() - set(SETTABLE):
        raise TypeError(f"A policy has no {', '.join(sorted(unknown))}.")
    return columns


def _check(policy: BackupPolicy) -> None:
    fields: dict[str, list[str]] = {}
    try:
        policy.full_clean(validate_constraints=True)
    except ValidationError as error:
        fields = {name: list(sentences) for name, sentences in error.message_dict.items()}
    if not policy.is_own and (wrong := wrong_in_source(policy.source)):
        fields["source"] = wrong
    if wrong := wrong_in_assertions(policy.assertions):
        fields["assertions"] = wrong
    if fields:
        raise WrongPolicy(fields=fields)


def _facts(policy: BackupPolicy) -> dict[str, Any]:
    """What the ledger keeps of a policy; secrets are no part of it."""
    facts = {name: getattr(policy, name) for name in SETTABLE}
    for name in ("system", "repository", "owner"):
        facts[name] = str(getattr(policy, f"{name}_id"))
    return facts
