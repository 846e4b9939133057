"""Being away, with somebody who acts meanwhile."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ledger.services import Actor, record
from people.errors import AbsenceOver, AlreadyAbsent, NotAPerson, OwnSubstitute
from people.models import Absence, User

LONGEST = timedelta(days=731)
#: Nobody plans further ahead; what lies beyond is a slip of the keyboard.
FURTHEST = timedelta(days=1827)


@transaction.atomic
def plan_absence(
    *, person: User, starts_at: datetime, ends_at: datetime, by: Actor, substitute: User | None = None
) -> Absence:
    """Say that somebody is away from one moment to another, and who acts for them.

    Raises AbsenceOver, OwnSubstitute, NotAPerson or AlreadyAbsent.
    """
    now = timezone.now()
    locked = User.objects.select_for_update().get(pk=person.pk)
    for each in filter(None, [locked, substitute]):
        if each.is_machine or not each.is_active:
            raise NotAPerson(person=each)
    if substitute == locked:
        raise OwnSubstitute
    if not _is_possible(starts_at, ends_at, now):
        raise AbsenceOver
    others = Absence.objects.filter(person=locked, ended_early_at__isnull=True)
    if others.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise AlreadyAbsent(person=locked)
    absence = Absence.objects.create(person=locked, substitute=substitute, starts_at=starts_at, ends_at=ends_at)
    data = {"from": starts_at, "until": ends_at, "substitute": str(substitute.pk) if substitute else None}
    record(verb="absence.planned", subject=absence, actor=by, data=data)
    return absence


@transaction.atomic
def end_absence(*, absence_id: uuid.UUID | str, by: Actor) -> Absence:
    """The person is back early, or stays after all. Of one that is over, or ended before, nothing changes."""
    absence = Absence.objects.select_for_update(of=["self"]).select_related("person").get(pk=absence_id)
    now = timezone.now()
    if not absence.is_over(now):
        absence.ended_early_at = now
        absence.save(update_fields=["ended_early_at"])
        record(verb="absence.ended", subject=absence, actor=by)
    return absence


def _is_possible(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    begins = max(starts_at, now - LONGEST)
    return begins == starts_at and now < ends_at < now + FURTHEST and begins < ends_at <= begins + LONGEST


def end_absences_of(person: User, by: Actor) -> None:
    """Whoever has left is not away, and stands in for nobody: called in the transaction that closes the account."""
    now = timezone.now()
    for absence in Absence.objects.filter(person=person, ended_early_at__isnull=True, ends_at__gt=now):
        end_absence(absence_id=absence.pk, by=by)
    left = Absence.objects.filter(substitute=person, ended_early_at__isnull=True, ends_at__gt=F("starts_at"))
    for absence in left.filter(ends_at__gt=now).select_related("person"):
        absence.substitute = None
        absence.save(update_fields=["substitute"])
        record(verb="absence.substitute_left", subject=absence, actor=by, data={"before": str(person.pk)})
