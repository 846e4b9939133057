"""Facts that a lower floor announces upward, without knowing who listens.

A fact is announced inside the transaction that stores what happened. Each receiver works in a
savepoint of its own: one that fails undoes only itself, leaves a `PendingFact` committed with the
outcome, and is asked again by the sweep. So a high floor can never stop a low one from recording.
"""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.models import PendingFact

log = logging.getLogger(__name__)

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
    taken = 0
    for pending_id in list(_due(now).values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            pending = _due(now).filter(pk=pending_id).select_for_update(skip_locked=True).first()
            if pending is not None:
                taken += _deliver_again(pending, now)
    return taken


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
    pending.due_at = now + min(timedelta(seconds=10 * 2**pending.attempts), timedelta(hours=1))
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
        return traceback.format_exc(limit=-5)
    return ""
