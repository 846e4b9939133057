"""A round over rows that are due: each on its own."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction

log = logging.getLogger(__name__)

Key = TypeVar("Key")


def each_apart(keys: Iterable[Key], work: Callable[[Key], int], *, what: str) -> int:
    """Do the work for every key in a transaction of its own. Returns the sum of what each says it did.

    One that fails, for whatever reason, is undone, logged, and holds up no other; it is due again in the next round.
    what: for the log, with the key behind it.
    """
    done = 0
    for key in list(keys):
        try:
            with transaction.atomic():
                done += work(key)
        except Exception:  # the first in line would otherwise come first in every round, and nobody behind it ever
            log.exception("%s %s: failed", what, key)
    return done
