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
from backups.services.sources import Wanted, facts_of, only_one, set_sources, there, wrong_in
from backups.sources import wrong_in_assertions
from catalog.models import System
from catalog.services import set_basis
from common.errors import Stale
from ledger.services import Actor, record

#: What an administrator may set on a policy itself.
SETTABLE = (
    "name",
    "slug",
    "system",
    "repository",
    "owner",
    "assertions",
    "fresh_for",
    "smallest_bytes",
    "wall_clock",
    "keep_copies",
    "accept_no_isolation",
)
#: How one source is told without the others.
ONE_SOURCE = ("source", "engine", "password")
#: What is fixed once copies were made under it.
FIXED = ("slug", "system", "repository", "engine")
#: What is fixed from the beginning where Holdfast saves itself; its sources have no password to set either.
FIXED_FOR_OWN = ("slug", "source", "engine", "sources", "password")


@transaction.atomic
def create_policy(*, by: Actor, schedules: Sequence[Mapping[str, str]] = (), **given: Any) -> BackupPolicy:
    """Say that a system is saved, how, and where to.

    given: SETTABLE, and what is saved: `sources`, each with engine, settings, and if wanted name and password; or
    `source`, `engine` and `password` where it is one.  schedules: each with kind, rule and time_zone.
    Raises WrongPolicy, naming fields, WrongSchedule or WrongZone.
    """
    columns, told = _divided(given)
    policy = BackupPolicy(**columns)
    sources = _sources(policy, told)
    _check(policy, sources, told)
    policy.save()
    set_sources(policy, sources)
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
    schedules: Sequence[Mapping[str, str]] | None = None,
    **given: Any,
) -> BackupPolicy:
    """Change a policy that was read at `version` (None: whatever it is). What is not given stays.

    given: as for `create_policy`. Raises Stale, WrongPolicy, WrongSchedule or WrongZone.
    """
    policy = _locked(policy_id, version)
    before, (columns, told) = _facts(policy), _divided(given)
    sources = _sources(policy, told) if told else there(policy)
    changed = {name: value for name, value in columns.items() if getattr(policy, name) != value}
    _refuse_fixed(policy, changed, told, sources)
    for name, value in changed.items():
        setattr(policy, name, value)
    has_other_sources = facts_of(sources) != before["sources"]
    if changed or has_other_sources:
        _check(policy, sources, told)
    if told:
        set_sources(policy, sources)
    passwords = [source.name for source in sources if source.password is not None]
    if changed or has_other_sources or passwords:
        _save(policy, *changed)
    if changed or has_other_sources:
        record(verb="backup_policy.changed", subject=policy, actor=by, data={"before": before, "after": _facts(policy)})
        note_method(policy.system, now=timezone.now())
    if passwords:
        record(verb="backup_policy.secret_set", subject=policy, actor=by, data={"sources": passwords})
    if schedules is not None:
        set_schedules(policy=policy, schedules=schedules, by=by)
    return policy


def set_source_secret(*, policy_id: UUID | str, by: Actor, password: str, version: int | None = None) -> BackupPolicy:
    """Keep the password of the one source, sealed. It is never read back. An empty one removes it."""
    return change_policy(policy_id=policy_id, by=by, version=version, password=password)


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
            "sources": facts_of(there(policy)),
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


def _divided(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is set on the policy itself, and what is said about its sources; what is None there was not said."""
    told = {name: given[name] for name in (*ONE_SOURCE, "sources") if given.get(name) is not None}
    columns = {name: value for name, value in given.items() if name not in (*ONE_SOURCE, "sources")}
    if unknown := columns.keys() - set(SETTABLE):
        raise TypeError(f"A policy has no {', '.join(sorted(unknown))}.")
    return columns, told


def _sources(policy: BackupPolicy, told: Mapping[str, Any]) -> list[Wanted]:
    if "sources" not in told:
        return only_one(policy, told) if told else []
    if len(told) > 1:
        raise WrongPolicy(fields={"sources": [str(WrongPolicy.told_twice)]})
    return [Wanted.of(source) for source in told["sources"]]


def _refuse_fixed(
    policy: BackupPolicy, changed: Mapping[str, Any], told: Mapping[str, Any], sources: Sequence[Wanted]
) -> None:
    """Refuse what cannot be changed: where copies lie that were made, and what Holdfast saves of itself."""
    fields: dict[str, list[str]] = {}
    names = {*changed, *told} & set(FIXED_FOR_OWN)
    if policy.is_own and (fixed := {name for name in names if name in changed or _is_other(policy, name, told)}):
        fields = {name: [str(WrongPolicy.fixed_for_own)] for name in sorted(fixed)}
    if policy.copies.exists():
        engines = {source.name: source.engine for source in there(policy)}
        is_engine_other = any(engines.get(source.name, source.engine) != source.engine for source in sources)
        fixed = (changed.keys() & set(FIXED)) | ({"engine"} if is_engine_other else set())
        fields |= {name: [str(WrongPolicy.fixed_once_used)] for name in sorted(fixed - fields.keys())}
    if fields:
        raise WrongPolicy(fields=fields)


def _is_other(policy: BackupPolicy, name: str, told: Mapping[str, Any]) -> bool:
    """Whether something that is said about the sources is not what they are anyway. A password always is."""
    now = there(policy)
    if name == "sources":
        return facts_of(Wanted.of(source) for source in told[name]) != facts_of(now)
    if name == "password":
        return True
    return [told[name]] != [source.engine if name == "engine" else source.settings for source in now]


def _check(policy: BackupPolicy, sources: Sequence[Wanted], told: Mapping[str, Any]) -> None:
    fields: dict[str, list[str]] = {}
    try:
        policy.full_clean(validate_constraints=True)
    except ValidationError as error:
        fields = {name: list(sentences) for name, sentences in error.message_dict.items()}
    if wrong := wrong_in(policy, sources):
        fields["sources" if "sources" in told else "source"] = wrong
    if wrong := wrong_in_assertions(policy.assertions, {source.name: source.engine for source in sources}):
        fields["assertions"] = wrong
    if fields:
        raise WrongPolicy(fields=fields)


def _facts(policy: BackupPolicy) -> dict[str, Any]:
    """What the ledger keeps of a policy; secrets are no part of it."""
    facts = {name: getattr(policy, name) for name in SETTABLE}
    for name in ("system", "repository", "owner"):
        facts[name] = str(getattr(policy, f"{name}_id"))
    return {**facts, "sources": facts_of(there(policy))}
