"""Broker, workers and beat: who carries the work, and whether they live."""

from collections.abc import Iterator

import redis
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from common.doctor.findings import Finding, broken, ok, warn
from common.doctor.rounds import examines
from common.health import BEAT, OLDEST_HEARTBEAT
from common.models import Heartbeat
from common.pulse import WORKERS, heartbeat_of

OLDEST_MAJOR = 7
#: What each worker carries, in the words of the queues.
QUEUES = {"page": "page", "worker": "events, default", "verify": "verify"}


@examines("broker")
def broker() -> Iterator[Finding]:
    """Whether it answers, and would keep what it holds."""
    client = redis.Redis.from_url(settings.REDIS.cache, socket_connect_timeout=3, socket_timeout=5)
    try:
        about = client.info()
    except (redis.RedisError, OSError) as problem:
        way = "Start Holdfast (manage.py up)." if settings.OWN_BROKER else "Check REDIS_URL and the server."
        yield broken(f"does not answer: {problem}", way)
        return
    finally:
        client.close()
    version = str(about.get("valkey_version") or about.get("redis_version", "0"))
    name = "Valkey" if "valkey_version" in about else "Redis"
    if int(version.partition(".")[0]) < OLDEST_MAJOR:
        yield broken(f"{name} {version}", f"Holdfast needs version {OLDEST_MAJOR} or newer.")
    else:
        yield ok(f"{name} {version}, {about.get('used_memory_human', '?')} in use")
    if not about.get("aof_enabled"):
        yield warn("it forgets all when it restarts", "Set appendonly yes; what is due comes back after seconds.")
    if about.get("maxmemory_policy", "noeviction") != "noeviction":
        yield warn(f"it may throw work away ({about['maxmemory_policy']})", "Set maxmemory-policy noeviction.")


@examines("workers")
def workers() -> Iterator[Finding]:
    """The age of every worker's last sign of life, and that of beat."""
    try:
        seen = dict(Heartbeat.objects.values_list("name", "at"))
    except DatabaseError:
        yield broken("unknown: the database does not say", "Mend the database first.")
        return
    names = {heartbeat_of(worker): f"{worker} (queues: {QUEUES[worker]})" for worker in WORKERS}
    for name, told in {**names, BEAT: "beat, by the worker page"}.items():
        at = seen.get(name)
        age = timezone.now() - at if at else None
        if age is None or age > OLDEST_HEARTBEAT:
            since = (
                f"gave its last sign of life {age.total_seconds():.0f} s ago" if age else "never gave a sign of life"
            )
            yield broken(f"{told} {since}", "Start it (manage.py up, or its own service) and read its log.")
        else:
            yield ok(f"{told} gave a sign of life {age.total_seconds():.0f} s ago")
