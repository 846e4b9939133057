"""The sweep of reminders: each rung speaks once, in working hours, in the transaction that moves the reminder on."""

import time
import traceback
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.jobs import enqueue
from ledger.services import record
from notify import jobs
from notify.choices import Audience
from notify.ladders import last_passed, moment_of, quiet_until
from notify.models import Reminder
from notify.services.telling import tell
from notify.texts import has_texts
from people.calendars import Hours
from people.choices import Role
from people.models import User
from people.selectors import goes_on, manager_of, reachable, with_role, working_hours, zone_of

AT_ONCE = 50
ROUND_SECONDS = 20.0
#: The texts of reminders that have none of their own.
TEXTS = "reminder"
#: A reminder that cannot be said is tried again after this long.
PAUSE = timedelta(hours=1)
#: Said later than this after its moment, a reminder says so.
LATE = timedelta(hours=24)


def hand_out_reminders(*, now: datetime) -> None:
    """Queue one job when something is due, however much."""
    with transaction.atomic():
        if _due(now).exists():
            enqueue(jobs.REMIND_DUE)


def remind_due(*, now: datetime | None = None) -> int:
    """Say what is due. Returns how many reminders were looked at. Several at once are harmless."""
    seen, until = 0, time.monotonic() + ROUND_SECONDS
    while count := _some(now or timezone.now()):
        seen += count
        if time.monotonic() > until:
            with transaction.atomic():
                enqueue(jobs.REMIND_DUE)
            break
    return seen


def _due(now: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.filter(goes_on(), next_at__lte=now).order_by("next_at")


@transaction.atomic
def _some(now: datetime) -> int:
    rows = _due(now).select_for_update(skip_locked=True, of=["self"]).select_related("to")[:AT_ONCE]
    hours = working_hours(UTC)
    for reminder in list(rows):
        try:
            with transaction.atomic():
                _climb(reminder, hours.in_zone(zone_of(reminder.to)), now)
        except Exception:  # noqa: BLE001  one that cannot be said, for whatever reason, holds up no other
            error = traceback.format_exc(limit=-3)
            Reminder.objects.filter(pk=reminder.pk).update(next_at=now + PAUSE, last_error=error)
    return len(rows)


def _climb(reminder: Reminder, hours: Hours, now: datetime) -> None:
    """Say the newest rung that has passed, once for all that were missed, and go on to the next."""
    rungs = reminder.rungs
    quiet = quiet_until(now, hours)
    if quiet is not None:
        reminder.next_at = quiet
    else:
        passed = last_passed(rungs, reminder.due_at, hours, now)
        if passed is not None and passed >= reminder.rung:
            _say(reminder, passed, hours, now)
            reminder.rung, reminder.last_told_at = passed + 1, now
        more = reminder.rung < len(rungs)
        reminder.next_at = moment_of(rungs[reminder.rung], reminder.due_at, hours) if more else None
    reminder.last_error = ""
    reminder.save(update_fields=["rung", "next_at", "last_told_at", "last_error"])


def _say(reminder: Reminder, place: int, hours: Hours, now: datetime) -> None:
    rung = reminder.rungs[place]
    planned = moment_of(rung, reminder.due_at, hours)
    is_escalated = rung.audience == Audience.MANAGER
    days = (reminder.due_at.astimezone(hours.zone).date() - now.astimezone(hours.zone).date()).days
    tell(
        kind=reminder.kind,
        texts=reminder.kind if has_texts(reminder.kind) else TEXTS,
        about=reminder.about,
        to=_audience(reminder.to, is_escalated=is_escalated),
        asks=True,
        context={
            **reminder.context,
            "due_at": reminder.due_at,
            "days": abs(days),
            "is_late": reminder.due_at < now,
            "is_escalated": is_escalated,
            "owner": reminder.to,
            "planned_at": planned if planned < now - LATE and place >= reminder.rung else None,
        },
        dedupe_key=f"reminder:{reminder.pk}:{reminder.due_at.isoformat()}:{place}",
    )
    if is_escalated:
        data = {"kind": reminder.kind, "about": reminder.subject_id, "days": -days}
        record(verb="reminder.escalated", subject=reminder, actor="system:notify", data=data)


def _audience(owner: User, *, is_escalated: bool) -> list[User]:
    """The owner; from a rung on the manager too. Whoever acts for those who are away is told with them.

    Where nobody answers for the owner, or nobody of them is there to read it, the administrators hear of it.
    """
    manager = manager_of(owner) if is_escalated or not owner.is_active else None
    people = reachable([owner, manager])
    if not people or (is_escalated and manager is None):
        people += with_role(Role.ADMINISTRATOR)
    return people
