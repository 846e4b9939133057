"""The cache, which may be away: then nothing is found in it, and no page fails for it."""

import logging
import time
from typing import Any, ClassVar

import redis
from django.core.cache.backends.redis import RedisCache

log = logging.getLogger(__name__)


#: Who hangs is not asked again for so long: each question would wait as the first did, and a page asks many.
PAUSE_SECONDS = 5.0


class ForgivingRedisCache(RedisCache):
    """Django's cache on Redis, except that a server that is away is an empty cache; one that hangs is asked once."""

    #: Of this process, whichever thread met it.
    hangs_until: ClassVar[float] = 0.0

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._or("add", True, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or("get", default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._or("set", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._or("touch", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._or("delete", False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._or("get_many", {}, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._or("has_key", False, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        return self._or("incr", delta, key, delta, version)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._or("set_many", [], *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._or("delete_many", None, *args, **kwargs)

    def clear(self) -> None:
        self._or("clear", None)

    def _or(self, method: str, otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < ForgivingRedisCache.hangs_until:
            return otherwise
        try:
            return getattr(super(), method)(*args, **kwargs)
        except (redis.RedisError, OSError) as error:
            if isinstance(error, (redis.TimeoutError, TimeoutError)):
                ForgivingRedisCache.hangs_until = time.monotonic() + PAUSE_SECONDS
            log.warning("the cache is away (%s): %s", method, error)
            return otherwise
