"""Schedules: what a policy does when, and when it falls due next."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from backups.choices import RunKind
from backups.models import BackupPolicy, Schedule
from common.schedules import check_rule, next_after
from ledger.services import Actor, record


@transaction.atomic
def set_schedule(*, policy: BackupPolicy, kind: RunKind | str, rule: str, time_zone: str, by: Actor) -> Schedule:
    """Say when a policy's backup, check or restore test falls due. Raises WrongSchedule or WrongZone."""
    check_rule(rule, time_zone)
    due = next_after(rule, time_zone, timezone.now())
    before = Schedule.objects.select_for_update().filter(policy=policy, kind=kind).first()
    schedule, _made = Schedule.objects.update_or_create(
        policy=policy, kind=kind, defaults={"rule": rule, "time_zone": time_zone, "next_due_at": due}
    )
    if before is None or (before.rule, before.time_zone) != (rule, time_zone):
        data = {"kind": kind, "before": _words(before), "after": _words(schedule)}
        record(verb="backup_schedule.set", subject=policy, actor=by, data=data)
    return schedule


@transaction.atomic
def set_schedules(*, policy: BackupPolicy, schedules: Sequence[Mapping[str, str]], by: Actor) -> None:
    """Exactly these schedules, each with kind, rule and, if not UTC, time_zone. Raises WrongSchedule or WrongZone."""
    for kind in set(policy.schedules.values_list("kind", flat=True)) - {each["kind"] for each in schedules}:
        remove_schedule(policy=policy, kind=kind, by=by)
    for each in schedules:
        zone = each.get("time_zone", "UTC")
        set_schedule(policy=policy, kind=each["kind"], rule=each["rule"], time_zone=zone, by=by)


@transaction.atomic
def remove_schedule(*, policy: BackupPolicy, kind: RunKind | str, by: Actor) -> None:
    """Let nothing of that kind fall due any more. Safe to call twice."""
    schedule = Schedule.objects.select_for_update().filter(policy=policy, kind=kind).first()
    if schedule is not None:
        record(
            verb="backup_schedule.removed", subject=policy, actor=by, data={"kind": kind, "before": _words(schedule)}
        )
        schedule.delete()


def restart_schedules(policy: BackupPolicy, *, now: datetime) -> None:
    """Let the schedules of a policy that was paused go on with their next slot: what passed is not made up for."""
    for schedule in Schedule.objects.select_for_update().filter(policy=policy):
        due = next_after(schedule.rule, schedule.time_zone, now)
        Schedule.objects.filter(pk=schedule.pk).update(next_due_at=due)


def _words(schedule: Schedule | None) -> str | None:
    return f"{schedule.rule} {schedule.time_zone}" if schedule else None
