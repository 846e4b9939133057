"""Changes that are one, and the refusals that nobody can take back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from common.errors import DomainError


@contextmanager
def as_one() -> Iterator[None]:
    """One transaction: every error undoes it, but a refusal that `is_kept` leaves what was written before it.

    Whoever calls a service from inside a transaction of their own takes this one, so that a try that was counted
    stays counted; `transaction.atomic` would undo it together with the rest.
    """
    kept: DomainError | None = None
    with transaction.atomic():
        try:
            yield
        except DomainError as refusal:
            if not refusal.is_kept:
                raise
            kept = refusal
    if kept is not None:
        raise kept
