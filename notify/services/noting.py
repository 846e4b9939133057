"""What came of each try, written in the transaction that ends it."""

from datetime import datetime, timedelta

from notify.adapters.refusals import NotSent, Taken
from notify.choices import Outcome
from notify.models import Attempt, Delivery


def note_taken(delivery: Delivery, taken: Taken, *, took: timedelta, now: datetime) -> None:
    """The other side has it."""
    _note(delivery, Outcome.TAKEN, took=took, now=now, status=taken.status, text=taken.text)


def note_not_taken(delivery: Delivery, refusal: NotSent, *, took: timedelta, now: datetime) -> None:
    """It does not, and said why, or nothing."""
    _note(
        delivery,
        refusal.outcome,
        took=took,
        now=now,
        status=refusal.status,
        text=refusal.text,
        error=str(refusal),
    )


def note_stopped(delivery: Delivery, *, now: datetime) -> None:
    """Nobody knows whether the other side has it: who was sending is gone."""
    _note(delivery, Outcome.STOPPED, took=None, now=now)


def _note(
    delivery: Delivery,
    outcome: str,
    *,
    took: timedelta | None,
    now: datetime,
    status: int | None = None,
    text: str = "",
    error: str = "",
) -> None:
    Attempt.objects.create(
        delivery=delivery,
        way=delivery.way,
        channel_id=delivery.channel_id,
        created_at=now,
        took=took,
        outcome=outcome,
        status=status,
        text=text[:500],
        error=error[:500],
    )
