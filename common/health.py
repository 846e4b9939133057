"""Whether the parts of the product are alive, each asked directly."""

import logging
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from common.models import Heartbeat

log = logging.getLogger(__name__)

#: The tick comes every 5 s; a worker that is busy with something else may miss some.
OLDEST_HEARTBEAT = timedelta(seconds=60)

PARTS_WITH_A_HEARTBEAT = ("worker", "beat")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process lives. Touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker, worker and beat are alive, else 503; each named with what is known of it."""
    parts = {"database": _database(), "broker": _broker(), **_heartbeats(timezone.now())}
    alive = all(part["alive"] for part in parts.values())
    return JsonResponse({"ready": alive, **parts}, status=200 if alive else 503)


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
        log.warning("the database is away: %s", error)
        return {"alive": False}
    return {"alive": True}


def _broker() -> dict[str, Any]:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OperationalError, OSError) as error:
        log.warning("the broker is away: %s", error)
        return {"alive": False}
    return {"alive": True}


def _heartbeats(now: datetime) -> dict[str, dict[str, Any]]:
    """Age of the last sign of life, in seconds; unknown is null and counts as not alive."""
    try:
        seen = dict(Heartbeat.objects.filter(name__in=PARTS_WITH_A_HEARTBEAT).values_list("name", "at"))
    except (DatabaseError, InterfaceError):
        seen = {}
    return {name: _age(now, seen.get(name)) for name in PARTS_WITH_A_HEARTBEAT}


def _age(now: datetime, at: datetime | None) -> dict[str, Any]:
    if at is None:
        return {"alive": False, "age_seconds": None}
    age = now - at
    return {"alive": age <= OLDEST_HEARTBEAT, "age_seconds": round(age.total_seconds(), 1)}
