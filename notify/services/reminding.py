"""Reminders: set with the thing they are about, moved with its date, cancelled when it is done."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from notify.about import About, about_of
from notify.ladders import Ladder, end_of, last_passed, moment_of, rungs_of
from notify.models import Reminder
from notify.services.telling import cancel
from people.calendars import Hours
from people.choices import Role
from people.models import User
from people.selectors import reachable, with_role, working_hours, zone_of


@transaction.atomic
def remind(
    *,
    subject: models.Model,
    kind: str,
    due_at: date,
    to: Iterable[User | None],
    ladder: Ladder | None = None,
    url: str = "",
    context: Mapping[str, Any] | None = None,
) -> list[Reminder]:
    """From now on exactly these people are reminded that this is due. Safe to call again: nothing is said twice.

    kind: `thing.due`; its texts are templates/notify/<kind>.subject.txt and .body.txt, else those of `reminder`.
    They name `about`, `due_at`, `days` (left, or late), `is_late`, `is_escalated`, `owner` and the context.
    due_at: a moment, or a day, which ends in each person's own zone. Moved: the ladder starts again from now on.
    to: nobody who can be reached: the administrators.
    ladder: days before (below zero) and after, as numbers or `Rung`s; see `notify.ladders.DEFAULT_LADDER`.
    context: plain values, as JSON keeps them.
    Rungs that have passed are not made up for, but what is due already is told in the next working hours.
    """
    now, about = timezone.now(), about_of(subject, url)
    people = {person.pk: person for person in reachable(to) or with_role(Role.ADMINISTRATOR)}
    plan = [[rung.days, str(rung.audience)] for rung in rungs_of(ladder)]
    Reminder.objects.bulk_create(
        [_new(about, kind, person, due_at, now) for person in people.values()], ignore_conflicts=True
    )
    kept, hours = [], working_hours(UTC)
    for reminder in _of(about, kind).select_for_update(of=["self"]).select_related("to"):
        if reminder.to_id in people:
            own = hours.in_zone(zone_of(reminder.to))
            _set(reminder, about, _moment(due_at, own.zone), plan, context or {}, own, now)
            kept.append(reminder)
        else:
            _cancel(reminder, now)
    return kept


@transaction.atomic
def cancel_reminders(*, subject: models.Model, kind: str | None = None) -> int:
    """Nothing more is said about this, of one kind or of any. Returns how many reminders had more to say.

    What they said and is still to be sent is cancelled too. Safe to call twice.
    """
    now = timezone.now()
    said = 0
    for reminder in _of(about_of(subject), kind).filter(next_at__isnull=False).select_for_update():
        _cancel(reminder, now)
        said += 1
    for each in {kind} if kind else set(_of(about_of(subject), None).values_list("kind", flat=True)):
        cancel(about=subject, kind=each, now=now)
    return said


@transaction.atomic
def cancel_all_but(*, kind: str, subject_ids: Iterable[str]) -> None:
    """Of this kind only these are still spoken of. What is set again later, also for the same day, speaks anew."""
    over = Reminder.objects.filter(kind=kind, cancelled_at__isnull=True).exclude(subject_id__in=list(subject_ids))
    for reminder in over.order_by("pk").select_for_update(of=["self"]):
        _cancel(reminder, timezone.now())


def _of(about: About, kind: str | None) -> QuerySet[Reminder]:
    found = Reminder.objects.filter(subject_type=about.type, subject_id=about.id).order_by("pk")
    return found if kind is None else found.filter(kind=kind)


def _new(about: About, kind: str, person: User, due_at: date, now: datetime) -> Reminder:
    """Cancelled from the start: setting it is what lets it speak."""
    moment = _moment(due_at, zone_of(person))
    return Reminder(
        kind=kind, subject_type=about.type, subject_id=about.id, to=person, due_at=moment, ladder=[], cancelled_at=now
    )


def _set(
    reminder: Reminder,
    about: About,
    due_at: datetime,
    plan: list[Any],
    context: Mapping[str, Any],
    hours: Hours,
    now: datetime,
) -> None:
    """Labels are always renewed; the ladder starts again only when the date or the ladder is another."""
    reminder.subject_label, reminder.subject_url, reminder.context = about.label, about.url, dict(context)
    if reminder.cancelled_at is not None or (reminder.due_at, reminder.ladder) != (due_at, plan):
        reminder.due_at, reminder.ladder, reminder.cancelled_at, reminder.last_error = due_at, plan, None, ""
        reminder.rung, reminder.next_at = _first(reminder, hours, now)
    reminder.save()


def _first(reminder: Reminder, hours: Hours, now: datetime) -> tuple[int, datetime | None]:
    """The first rung to speak, and when. What is due already speaks at once."""
    rungs = reminder.rungs
    passed = last_passed(rungs, reminder.due_at, hours, now)
    if passed is None:
        return 0, moment_of(rungs[0], reminder.due_at, hours)
    if reminder.due_at <= now:
        return passed, now
    if passed + 1 == len(rungs):
        return passed + 1, None
    return passed + 1, moment_of(rungs[passed + 1], reminder.due_at, hours)


def _cancel(reminder: Reminder, now: datetime) -> None:
    if reminder.cancelled_at is None:
        reminder.next_at, reminder.cancelled_at = None, now
        reminder.save(update_fields=["next_at", "cancelled_at"])


def _moment(due_at: date, zone: tzinfo) -> datetime:
    return due_at if isinstance(due_at, datetime) else end_of(due_at, zone)
