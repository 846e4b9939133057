"""What falls due: one run for each slot, whoever asks and however often."""

import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from backups.choices import RunState
from backups.models import Run, Schedule
from backups.services.requesting import open_run, send
from common.leases import shorten
from common.schedules import WrongSchedule, WrongZone, next_after
from ledger.services import Note, record_many
from people.selectors import goes_on

log = logging.getLogger(__name__)

#: A schedule that was away for long is not counted through slot by slot beyond this.
MOST_MISSED = 1000


@dataclass(frozen=True)
class Claim:
    """One schedule that fell due: the slot it is claimed for, how many passed before it, and the next one."""

    schedule: Schedule
    slot_at: datetime | None
    missed: int
    following: datetime | None

    def run(self, now: datetime) -> Run:
        """The run of this slot, not stored yet."""
        schedule = self.schedule
        return Run(
            policy=schedule.policy,
            kind=schedule.kind,
            slot_at=self.slot_at,
            missed_slots=self.missed,
            created_at=now,
            queued_at=now,
        )


@transaction.atomic
def claim_due(*, now: datetime, limit: int = 100) -> int:
    """Make the run of every slot that is due, once, however many ask at the same moment. Returns how many were made.

    Slots that passed while nobody looked become one run, which says how many there were. What is claimed together is
    written together: a tick costs a few statements, however much is due and however much is not. In a house that is
    held nothing falls due.
    """
    due = Schedule.objects.filter(goes_on(), next_due_at__lte=now, policy__is_paused=False).order_by("next_due_at")
    needed = due.select_related("policy").only("kind", "rule", "time_zone", "next_due_at", "policy__name")
    schedules = needed.select_for_update(skip_locked=True, of=["self"])[:limit]
    claims = [_claim(schedule, now) for schedule in schedules]
    if not claims:
        return 0
    _move_on(claims)
    made, notes = _open(claims)
    record_many(notes=notes, actor="system:tick")
    for run in made:
        send(run)
    return len(made)


@transaction.atomic
def count_anew(*, now: datetime) -> int:
    """The clock was ahead until now: each schedule falls due at its next slot from now on. Returns how many changed.

    A slot that had its run by the wrong clock has no second one. Whoever died holding a run loses it as ever.
    """
    shorten(Run.objects.all(), now=now)
    Run.objects.filter(state=RunState.QUEUED, queued_at__gt=now).update(queued_at=now)
    ahead = Schedule.objects.filter(next_due_at__gt=now).select_for_update(of=["self"])
    claims = []
    for schedule in ahead.only("rule", "time_zone", "next_due_at").iterator():
        with suppress(WrongSchedule, WrongZone):
            due = next_after(schedule.rule, schedule.time_zone, now)
            if due is not None and schedule.next_due_at is not None and due < schedule.next_due_at:
                claims.append(Claim(schedule, None, 0, due))
    _move_on(claims)
    return len(claims)


def _claim(schedule: Schedule, now: datetime) -> Claim:
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
    return Claim(schedule, slot, missed, following)


def _move_on(claims: Collection[Claim]) -> None:
    """One statement for all: Django's bulk_update writes a case for each row, which took longer than all the rest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE backups_schedule SET next_due_at = moved.at"
            " FROM unnest(%s::uuid[], %s::timestamptz[]) AS moved (id, at) WHERE backups_schedule.id = moved.id",
            [[str(claim.schedule.pk) for claim in claims], [claim.following for claim in claims]],
        )


def _open(claims: list[Claim]) -> tuple[list[Run], list[Note]]:
    """The runs that were made, and what the ledger says of all claims."""
    now = timezone.now()
    wanted = [claim.run(now) for claim in claims]
    Run.objects.bulk_create(wanted, ignore_conflicts=True)
    numbers = dict(Run.objects.filter(pk__in=[run.pk for run in wanted]).values_list("pk", "number"))
    made, notes = [], []
    for claim, run in zip(claims, wanted, strict=True):
        policy = claim.schedule.policy
        if claim.missed:
            notes.append(Note("backup_schedule.slots_missed", policy, {"count": claim.missed}))
        run.number = numbers.get(run.pk, run.number)
        found, is_new = (run, True) if run.pk in numbers else _what_was_in_the_way(claim)
        if is_new:
            made.append(found)
            notes.append(Note(f"{run.kind}.due", found, {"slot_at": claim.slot_at, "missed": claim.missed}))
        else:
            data = {"kind": run.kind, "slot_at": claim.slot_at, "open": found.reference}
            notes.append(Note("backup_schedule.slot_passed_over", policy, data))
    return made, notes


def _what_was_in_the_way(claim: Claim) -> tuple[Run, bool]:
    schedule = claim.schedule
    return open_run(schedule.policy, schedule.kind, slot_at=claim.slot_at, missed_slots=claim.missed)
