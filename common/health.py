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
from common.pulse import WORKERS, heartbeat_of
from common.schema import fit

log = logging.getLogger(__name__)

#: The tick comes every 5 s and workers give a sign every 10 s; some may be missed on a busy machine.
OLDEST_HEARTBEAT = timedelta(seconds=60)

BEAT = "beat"


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process lives. Touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker, worker and beat are alive, else 503; each named with what is known of it."""
    parts = {"database": _database(), "schema": _schema(), "broker": _broker(), **_heartbeats(timezone.now())}
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


def _schema() -> dict[str, Any]:
    """Whether the database is of this release. Which migrations differ stands in the log, not in the answer."""
    try:
        wrong = fit().sentence
    except (DatabaseError, InterfaceError):
        return {"alive": False}
    if wrong:
        log.warning("%s", wrong)
    return {"alive": not wrong}


def _broker() -> dict[str, Any]:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OperationalError, OSError) as error:
        log.warning("the broker is away: %s", error)
        return {"alive": False}
    return {"alive": True}


def _heartbeats(now: datetime) -> dict[str, dict[str, Any]]:
    """Age of the last sign of life, in seconds; unknown is null and counts as not alive.

    The beat is seen by the tick that it sends, which a worker of the queue `page` carries out: with that one gone,
    both are named.
    """
    names = {heartbeat_of(worker): worker for worker in WORKERS}
    try:
        seen = dict(Heartbeat.objects.filter(name__in=[BEAT, *names]).values_list("name", "at"))
    except (DatabaseError, InterfaceError):
        seen = {}
    workers = {worker: _age(now, seen.get(name)) for name, worker in names.items()}
    alive = all(worker["alive"] for worker in workers.values())
    return {"worker": {"alive": alive, "workers": workers}, BEAT: _age(now, seen.get(BEAT))}


def _age(now: datetime, at: datetime | None) -> dict[str, Any]:
    if at is None:
        return {"alive": False, "age_seconds": None}
    age = now - at
    # A sign from the future was given by a clock that was wrong, and says nothing of now.
    return {"alive": abs(age) <= OLDEST_HEARTBEAT, "age_seconds": round(age.total_seconds(), 1)}
