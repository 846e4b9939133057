"""Facts that a lower floor announces upward, without knowing who listens.

A fact is announced inside the transaction that stores what happened. Each receiver works in a
savepoint of its own: one that fails undoes only itself, leaves a `PendingFact` committed with the
outcome, and is asked again by the sweep. So a high floor can never stop a low one from recording.
"""

import logging
import traceback
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.models import PendingFact
from common.text import storable

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
#: So often a wait doubles. Far enough for the longest, and never a number that no duration holds.
DOUBLINGS = 9

Receiver = Callable[..., None]
_facts: dict[str, "Fact"] = {}


class Fact:
    """Something that happened, by name, e.g. `backups.run_ended`. Arguments are ids and plain values."""

    def __init__(self, name: str) -> None:
        if name in _facts:
            raise ValueError(f"The fact {name} is declared twice.")
        self.name = name
        self.receivers: dict[str, Receiver] = {}
        _facts[name] = self

    def receiver(self, name: str) -> Callable[[Receiver], Receiver]:
        """Connect a function, under a name that outlives a deployment (it is stored for redelivery)."""

        def connect(function: Receiver) -> Receiver:
            self.receivers[name] = function
            return function

        return connect


def announce(fact: Fact, **arguments: Any) -> None:
    """Tell every receiver of the fact, now, each in its own savepoint."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{fact.name} is announced outside a transaction.")
    for name, function in fact.receivers.items():
        error = _deliver(function, arguments)
        if error:
            PendingFact.objects.create(
                fact=fact.name, receiver=name, arguments=arguments, due_at=timezone.now(), last_error=error
            )


def deliver_pending(*, now: datetime, limit: int = 50) -> int:
    """Ask again the receivers that failed. Returns how many took their fact."""
    return sum(_take_up(pending_id, now) for pending_id in list(_due(now).values_list("pk", flat=True)[:limit]))


def _take_up(pending_id: uuid.UUID, now: datetime) -> bool:
    """One announcement in a transaction of its own."""
    try:
        with transaction.atomic():
            pending = _due(now).filter(pk=pending_id).select_for_update(skip_locked=True).first()
            return pending is not None and _deliver_again(pending, now)
    except Exception:  # the oldest comes first every time: whatever is wrong with it, the others must have their turn
        log.exception("a pending announcement could not be delivered and will be taken up again")
        return False


def _due(now: datetime) -> Any:
    return PendingFact.objects.filter(due_at__lte=now).order_by("due_at")


def _deliver_again(pending: PendingFact, now: datetime) -> bool:
    fact = _facts.get(pending.fact)
    function = fact.receivers.get(pending.receiver) if fact else None
    error = _deliver(function, pending.arguments) if function else "This receiver does not exist any more."
    if not error:
        pending.delete()
        return True
    pending.last_error = error
    pending.due_at = now + min(FIRST_WAIT * 2 ** min(pending.attempts, DOUBLINGS), LONGEST_WAIT)
    pending.attempts += 1
    pending.save(update_fields=["last_error", "due_at", "attempts"])
    return False


def _deliver(function: Receiver, arguments: dict[str, Any]) -> str:
    """Returns the error as text, empty when the receiver took the fact."""
    try:
        with transaction.atomic():
            function(**arguments)
    except Exception:  # whatever a receiver does, the outcome below it must stand
        log.exception("a receiver of a fact failed and will be asked again")
        return storable(traceback.format_exc(limit=-5))
    return ""
