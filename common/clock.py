"""A clock that was ahead and is put right: nothing may wait until it is there again."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from common.facts import Fact, announce
from common.leases import shorten
from common.models import Heartbeat, KeptAnswer, PendingFact

#: The clocks of several hosts may differ by this much.
CLOCKS_DIFFER = timedelta(minutes=5)

#: The clock went back. Arguments: was, now (ISO 8601). Whoever keeps a moment to come counts it anew.
CLOCK_SET_BACK = Fact("common.clock_set_back")


def date_anew(rows: models.QuerySet[Any], column: str, *, was: datetime, now: datetime) -> list[Any]:
    """Put a moment that is still to come back by as much as the clock was. Returns the rows that changed, as they are.

    An estimate, never later than now: nobody knows for how long the clock was wrong.
    """
    ahead = list(rows.filter(**{f"{column}__gt": now}).select_for_update(of=["self"]))
    for row in ahead:
        setattr(row, column, min(getattr(row, column) - (was - now), now))
    if ahead:
        rows.model._default_manager.bulk_update(ahead, [column], batch_size=500)
    return ahead


@transaction.atomic
def notice(*, now: datetime) -> bool:
    """Announce, once, that the clock went back since the last signs of life. Returns whether it did.

    A clock that jumps ahead needs nothing of the kind: what was to come is due.
    """
    ahead = Heartbeat.objects.filter(at__gt=now + CLOCKS_DIFFER).select_for_update()
    was = max(ahead.values_list("at", flat=True), default=None)
    if was is None:
        return False
    Heartbeat.objects.filter(at__gt=now).update(at=now)
    PendingFact.objects.filter(due_at__gt=now).update(due_at=now)
    shorten(KeptAnswer.objects.all(), now=now)
    announce(CLOCK_SET_BACK, was=was.isoformat(), now=now.isoformat())
    return True
