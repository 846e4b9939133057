"""Schedules: when they fall due next, and one run for each slot."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from backups.choices import RunKind
from backups.models import BackupPolicy, Schedule
from backups.services.requesting import open_run, send
from common.schedules import WrongSchedule, WrongZone, check_rule, next_after
from ledger.services import Actor, record

log = logging.getLogger(__name__)

#: A schedule that was away for long is not counted through slot by slot beyond this.
MOST_MISSED = 1000


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


def claim_due(*, now: datetime, limit: int = 100) -> int:
    """Make the run of every slot that is due, once, however many ask at the same moment. Returns how many were made.

    Slots that passed while nobody looked become one run, which says how many there were.
    """
    due = Schedule.objects.filter(next_due_at__lte=now, policy__is_paused=False).order_by("next_due_at")
    made = 0
    for schedule_id in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            schedule = due.filter(pk=schedule_id).select_for_update(skip_locked=True, of=["self"]).first()
            if schedule is not None:
                made += _claim(schedule, now)
    return made


def _claim(schedule: Schedule, now: datetime) -> bool:
    slot, missed = schedule.next_due_at, 0
    try:
        following = next_after(schedule.rule, schedule.time_zone, slot or now)
        while following is not None and following <= now and missed < MOST_MISSED:
            slot, missed = following, missed + 1
            following = next_after(schedule.rule, schedule.time_zone, slot)
        if following is not None and following <= now:
            following = next_after(schedule.rule, schedule.time_zone, now)
    except (WrongSchedule, WrongZone):
        # Checked when it was set: the zone database of this machine changed since.
        log.exception("the schedule %s falls due no more: set it again", schedule)
        following = None
    Schedule.objects.filter(pk=schedule.pk).update(next_due_at=following)
    run, is_new = open_run(schedule.policy, schedule.kind, slot_at=slot, missed_slots=missed)
    if missed:
        record(
            verb="backup_schedule.slots_missed", subject=schedule.policy, actor="system:tick", data={"count": missed}
        )
    if is_new:
        record(verb=f"{schedule.kind}.due", subject=run, actor="system:tick", data={"slot_at": slot, "missed": missed})
        send(run)
    else:
        data = {"kind": schedule.kind, "slot_at": slot, "open": run.reference}
        record(verb="backup_schedule.slot_passed_over", subject=schedule.policy, actor="system:tick", data=data)
    return is_new


def _words(schedule: Schedule | None) -> str | None:
    return f"{schedule.rule} {schedule.time_zone}" if schedule else None
