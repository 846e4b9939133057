"""How often keys are used: counted in the cache, written down at most once a minute a key.

A request costs no write of the database. What a cache that dies had not handed on is lost: at most
the count of the last minutes, never that the key was used.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from people.models import ApiKey, KeyUse

WRITTEN_EVERY = timedelta(minutes=1)
KEPT_IN_CACHE = timedelta(days=2)
#: Days of which the number of uses is kept.
KEPT_DAYS = 400
ADDRESS_LENGTH = 45


def note_use_of(key: ApiKey, *, now: datetime, address: str = "") -> None:
    """Count one use, and where it came from. key: as it was just read."""
    counter = _counter(key)
    cache.add(counter, 0, KEPT_IN_CACHE.total_seconds())
    with suppress(ValueError):  # it went away in between
        cache.incr(counter)
    if key.last_used_at is None or key.last_used_at <= now - WRITTEN_EVERY:
        _write(key, now, address[:ADDRESS_LENGTH])


def write_uses(*, now: datetime) -> int:
    """Write down what was counted of keys that have gone quiet since. Returns of how many keys. For the sweep."""
    quiet = ApiKey.objects.filter(last_used_at__gt=now - KEPT_IN_CACHE, last_used_at__lte=now - WRITTEN_EVERY)
    keys = list(quiet)
    counted = cache.get_many([_counter(key) for key in keys])
    return sum(_write(key, now, None) for key in keys if counted.get(_counter(key)))


def forget_old_uses(*, now: datetime) -> int:
    """Remove the figures of days long past. Returns how many."""
    return KeyUse.objects.filter(day__lt=(now - timedelta(days=KEPT_DAYS)).date()).delete()[0]


@transaction.atomic
def _write(key: ApiKey, now: datetime, address: str | None) -> bool:
    """Write the count down, and who was seen; False when another was faster. address: None when the sweep writes."""
    row = ApiKey.objects.select_for_update(of=["self"]).filter(pk=key.pk, last_used_at=key.last_used_at).first()
    if row is None:
        return False
    count = _take(key)
    day = row.last_used_at.date() if address is None and row.last_used_at else now.date()
    KeyUse.objects.get_or_create(key=key, day=day)
    seen = {"address": address} if address is not None else {}
    KeyUse.objects.filter(key=key, day=day).update(count=F("count") + count, **seen)
    if address is not None:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now, last_used_from=address)
    return True


def _take(key: ApiKey) -> int:
    """What was counted, which then counts as written. Without a cache one use a minute is all that is known."""
    count = cache.get(_counter(key))
    if count is None:
        return 1
    with suppress(ValueError):  # it went away in between
        cache.decr(_counter(key), count)
    return int(count)


def _counter(key: ApiKey) -> str:
    return f"uses:{key.pk}"
