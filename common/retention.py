"""Nothing is kept for ever that nobody needs for ever. The ledger is not among it: it is never cut.

Every floor says what may go, in a module of the name `retention`, which is found by its name. It goes in small
batches, each a transaction of its own, so that nobody waits for it.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils.module_loading import autodiscover_modules

from common.models import Heartbeat

log = logging.getLogger(__name__)

BATCH = 1000
#: More batches of one kind than this are left for the next hour.
MOST_BATCHES = 100
#: A part that was not heard of for so long is not there any more.
SIGNS_OF_LIFE_KEPT = timedelta(days=30)

#: now → how many were removed by one batch; 0 when none is left.
Remove = Callable[[datetime], int]
KINDS: dict[str, Remove] = {}


def forgets(kind: str) -> Callable[[Remove], Remove]:
    """Have a function remove one batch of what is too old, as often as there is some."""

    def add(remove: Remove) -> Remove:
        KINDS[kind] = remove
        return remove

    return add


def forget_old(*, now: datetime) -> dict[str, int]:
    """Remove what is too old. Returns how many, by kind. One kind that fails keeps no other from going."""
    autodiscover_modules("retention")
    removed: dict[str, int] = {}
    for kind, remove in KINDS.items():
        try:
            removed[kind] = _all_of(remove, now)
        except DatabaseError:
            log.exception("old %s could not be removed", kind)
    if any(removed.values()):
        log.info("removed what is too old: %s", {kind: count for kind, count in removed.items() if count})
    return removed


def batch(rows: QuerySet[Any]) -> int:
    """Delete some of the rows, with what hangs on them. Returns how many."""
    found = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if found:
        rows.model._base_manager.filter(pk__in=found).delete()
    return len(found)


@forgets("signs of life")
def signs_of_life(now: datetime) -> int:
    """Those of parts that are gone."""
    return batch(Heartbeat.objects.filter(at__lt=now - SIGNS_OF_LIFE_KEPT))


def _all_of(remove: Remove, now: datetime) -> int:
    total = 0
    for _number in range(MOST_BATCHES):
        count = remove(now)
        total += count
        if count < BATCH:
            break
    return total
