"""Escalation policies: who is called, one after the other, until somebody takes an incident over."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.versions import check_version, raise_version
from ledger.services import Actor, record
from people.choices import Whom
from people.errors import WrongDuty
from people.models import EscalationPolicy, EscalationStep, Patience
from people.services.rosters import check_can_be_on_duty, check_columns

MOST_STEPS = 10
#: How long the worst two severities may stay silent unless somebody says otherwise.
PATIENCE = {
    1: (timedelta(minutes=30), timedelta(minutes=15)),
    2: (timedelta(hours=2), timedelta(minutes=30)),
}


@transaction.atomic
def add_policy(
    *,
    name: str,
    by: Actor,
    steps: Iterable[Mapping[str, Any]] = (),
    patience: Mapping[int, tuple[timedelta, timedelta]] | None = None,
    **details: Any,
) -> EscalationPolicy:
    """Name who is called when nobody answers.

    steps: {after, whom, person, roster, team, urgency} each, in order.  patience: severity → (remind after, call
    again after); None: PATIENCE.  details: columns of the policy.  Raises WrongDuty, NotAPerson or CannotBeOnDuty.
    """
    policy = EscalationPolicy(name=name.strip(), **details)
    check_columns(policy)
    policy.save(force_insert=True)
    _set_steps(policy, list(steps))
    _set_patience(policy, PATIENCE if patience is None else patience)
    record(verb="escalation_policy.added", subject=policy, actor=by, data=_told(policy))
    return policy


@transaction.atomic
def change_policy(
    *,
    policy_id: uuid.UUID | str,
    by: Actor,
    version: int | None = None,
    steps: Iterable[Mapping[str, Any]] | None = None,
    patience: Mapping[int, tuple[timedelta, timedelta]] | None = None,
    **details: Any,
) -> EscalationPolicy:
    """Call otherwise. steps, patience: all of them; None leaves them. What has begun goes on as it began.

    Raises WrongDuty, NotAPerson, CannotBeOnDuty or Stale.
    """
    policy = _locked(policy_id, version)
    for name, value in details.items():
        setattr(policy, name, value.strip() if isinstance(value, str) else value)
    check_columns(policy)
    raise_version(policy).save(update_fields=[*details, "version"])
    if steps is not None:
        _set_steps(policy, list(steps))
    if patience is not None:
        _set_patience(policy, patience)
    record(verb="escalation_policy.changed", subject=policy, actor=by, data=_told(policy))
    return policy


@transaction.atomic
def retire_policy(*, policy_id: uuid.UUID | str, by: Actor) -> EscalationPolicy:
    """Nothing new is called by it. It is no default any more. The second call does nothing."""
    policy = _locked(policy_id, None)
    if policy.is_active:
        policy.is_active = policy.is_default = False
        raise_version(policy).save(update_fields=["is_active", "is_default", "version"])
        record(verb="escalation_policy.retired", subject=policy, actor=by)
    return policy


@transaction.atomic
def bring_back_policy(*, policy_id: uuid.UUID | str, by: Actor) -> EscalationPolicy:
    """Put it back into use. The second call does nothing."""
    policy = _locked(policy_id, None)
    if not policy.is_active:
        policy.is_active = True
        raise_version(policy).save(update_fields=["is_active", "version"])
        record(verb="escalation_policy.brought_back", subject=policy, actor=by)
    return policy


@transaction.atomic
def add_step(*, policy_id: uuid.UUID | str, by: Actor, **step: Any) -> EscalationStep:
    """One more step, at the end unless `position` says otherwise. Raises WrongDuty or CannotBeOnDuty."""
    policy = _locked(policy_id, None)
    steps = _steps(policy)
    position = min(step.pop("position", None) or len(steps) + 1, len(steps) + 1)
    steps.insert(position - 1, step)
    change_policy(policy_id=policy.pk, by=by, steps=steps)
    return policy.steps.get(position=position)


@transaction.atomic
def change_step(*, step_id: uuid.UUID | str, by: Actor, **changes: Any) -> EscalationStep:
    """Another time, other people, or another place in the order. Raises WrongDuty or CannotBeOnDuty."""
    policy, steps, place = _held(step_id)
    changed = {**steps.pop(place), **changes}
    position = min(max(changed.pop("position", place + 1), 1), len(steps) + 1)
    steps.insert(position - 1, changed)
    change_policy(policy_id=policy.pk, by=by, steps=steps)
    return policy.steps.get(position=position)


@transaction.atomic
def remove_step(*, step_id: uuid.UUID | str, by: Actor) -> None:
    """Without this step. Those after it move up. Raises EscalationStep.DoesNotExist."""
    policy, steps, place = _held(step_id)
    steps.pop(place)
    change_policy(policy_id=policy.pk, by=by, steps=steps)


def _locked(policy_id: uuid.UUID | str, version: int | None) -> EscalationPolicy:
    policy = EscalationPolicy.objects.select_for_update().get(pk=policy_id)
    check_version(policy, version)
    return policy


def _held(step_id: uuid.UUID | str) -> tuple[EscalationPolicy, list[dict[str, Any]], int]:
    """The policy, held, its steps as they are then, and the place of this one. Raises EscalationStep.DoesNotExist."""
    policy = _locked(EscalationStep.objects.values_list("policy", flat=True).get(pk=step_id), None)
    steps = _steps(policy)
    # Somebody may have moved or removed it a moment ago.
    place = next((place for place, each in enumerate(steps) if str(each["id"]) == str(step_id)), None)
    if place is None:
        raise EscalationStep.DoesNotExist
    return policy, steps, place


def _steps(policy: EscalationPolicy) -> list[dict[str, Any]]:
    columns = ("id", "after", "whom", "person", "roster", "team", "urgency")
    rows = policy.steps.select_related("person", "roster", "team").order_by("position")
    return [{name: getattr(row, name) for name in columns} for row in rows]


def _set_steps(policy: EscalationPolicy, steps: list[Mapping[str, Any]]) -> None:
    if len(steps) > MOST_STEPS:
        raise WrongDuty(fields={"steps": [_("A policy has at most %(count)s steps.") % {"count": MOST_STEPS}]})
    known = {each.person_id for each in policy.steps.all()}
    policy.steps.all().delete()
    for position, given in enumerate(steps, start=1):
        step = EscalationStep(policy=policy, position=position, **given)
        check_columns(step)
        if step.whom == Whom.ROSTER and step.roster and not step.roster.is_active:
            raise WrongDuty(fields={"roster": [_("This roster is out of use.")]})
        if step.person is not None and step.person_id not in known:
            check_can_be_on_duty(step.person)
        step.save(force_insert=True)


def _set_patience(policy: EscalationPolicy, patience: Mapping[int, tuple[timedelta, timedelta]]) -> None:
    policy.patience.all().delete()
    for severity, (remind_after, again_after) in sorted(patience.items()):
        row = Patience(policy=policy, severity=severity, remind_after=remind_after, again_after=again_after)
        check_columns(row)
        row.save(force_insert=True)


def _told(policy: EscalationPolicy) -> dict[str, Any]:
    return {
        "steps": [[step.whom, int(step.after.total_seconds())] for step in policy.steps.order_by("position")],
        "calls_up_to": policy.calls_up_to,
        "repeat_count": policy.repeat_count,
        "is_default": policy.is_default,
    }
