"""Leases: long work is a row that somebody holds for a minute at a time.

Whoever holds a row renews its lease from a thread with a connection of its own. A holder that
dies stops renewing; the sweep sees the lease run out and the row is taken up again, at most
`MAX_ATTEMPTS` times. Every write after the claim is conditional on the token, so a holder that
came back from the dead changes nothing.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connection, models
from django.db.models import F, Q
from django.utils import timezone

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
RENEW_EVERY_SECONDS = 15.0
MAX_ATTEMPTS = 3


class LeaseLost(Exception):
    """Another worker holds the row now, or it was ended: whatever was done here does not count."""


class Leased(models.Model):
    """A row that is worked on by one holder at a time."""

    lease_until = models.DateTimeField(null=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


def claim(queryset: models.QuerySet[Any], *, now: datetime | None = None, **changes: Any) -> uuid.UUID | None:
    """Take the one row of the queryset if nobody holds it. May lose: then None.

    changes: columns to set together with the lease.
    """
    now = now or timezone.now()
    token = uuid.uuid4()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    taken = queryset.filter(free, attempts__lt=MAX_ATTEMPTS).update(
        lease_until=now + LEASE, lease_token=token, attempts=F("attempts") + 1, **changes
    )
    return token if taken == 1 else None


def held(model: type[Leased], pk: Any, token: uuid.UUID) -> models.QuerySet[Any]:
    """The row, if it is still held by this token: the only queryset that a holder may write through."""
    return model._default_manager.filter(pk=pk, lease_token=token)


def shorten(queryset: models.QuerySet[Any], *, now: datetime) -> int:
    """No lease lasts longer than a minute from now: a longer one was given by a clock that was ahead. Returns how many.

    A holder that lives renews it as ever.
    """
    return queryset.filter(lease_until__gt=now + LEASE).update(lease_until=now + LEASE)


def renew(model: type[Leased], pk: Any, token: uuid.UUID) -> bool:
    """Hold the row for another minute. False when it is lost."""
    return held(model, pk, token).update(lease_until=timezone.now() + LEASE) == 1


class Keeper:
    """Renews one lease until it is stopped. `lost` is set, and `on_loss` called once, when it is gone."""

    def __init__(self, model: type[Leased], pk: Any, token: uuid.UUID, on_loss: Callable[[], None]) -> None:
        self.model, self.pk, self.token, self.on_loss = model, pk, token, on_loss
        self.lost = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"lease {pk}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def check(self) -> None:
        """Raises LeaseLost when the row is not ours any more."""
        if self.lost.is_set():
            raise LeaseLost

    def _run(self) -> None:
        deadline = timezone.now() + LEASE
        try:
            while not self._stop.wait(RENEW_EVERY_SECONDS):
                renewed = self._renew()
                if renewed:
                    deadline = timezone.now() + LEASE
                elif renewed is False or timezone.now() >= deadline:
                    self._lose()
                    return
        finally:
            connection.close()

    def _renew(self) -> bool | None:
        """None when the database did not answer: the lease may still be ours until it runs out."""
        try:
            return renew(self.model, self.pk, self.token)
        except Error as error:  # of the database, or of the connection to it
            log.warning("a lease could not be renewed: %s", error)
            connection.close()
            return None

    def _lose(self) -> None:
        log.warning("the lease of %s %s is lost", self.model.__name__, self.pk)
        self.lost.set()
        self.on_loss()


@contextmanager
def keep(model: type[Leased], pk: Any, token: uuid.UUID, *, on_loss: Callable[[], None]) -> Iterator[Keeper]:
    """Hold a claimed row for as long as the block runs. on_loss ends the child processes, from another thread."""
    keeper = Keeper(model, pk, token, on_loss)
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.stop()
