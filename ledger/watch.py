"""The ledger looks after itself: computed again once a day, and what does not fit is announced."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection, transaction

from common import services
from common.facts import announce
from common.models import Heartbeat
from ledger.findings import Finding
from ledger.signals import LEDGER_NOT_WHOLE
from ledger.verify import verify

EVERY = timedelta(days=1)
#: When the whole ledger was last computed again, and when somebody was last asked to.
VERIFIED = "ledger.verified"
ASKED = "ledger.verify_asked"
ASK_AGAIN_AFTER = timedelta(minutes=10)
#: The advisory lock of whoever computes: a pass may take longer than it takes to be asked again.
LOCK = 533438


def is_due(now: datetime) -> bool:
    """Whether the last whole pass is a day old, or there was none."""
    return not Heartbeat.objects.filter(name=VERIFIED, at__gt=now - EVERY).exists()


def ask(now: datetime) -> bool:
    """Whether the pass is due and nobody was asked for it lately. The answer counts as having asked."""
    if not is_due(now) or Heartbeat.objects.filter(name=ASKED, at__gt=now - ASK_AGAIN_AFTER).exists():
        return False
    services.beat(ASKED, now=now)
    return True


def verify_when_due(*, now: datetime) -> Finding | None:
    """Compute the whole ledger again when a day has passed, and announce the first thing that does not fit."""
    with _alone() as is_our_turn:
        if not is_our_turn or not is_due(now):
            return None
        found = verify().first_bad
        with transaction.atomic():
            services.beat(VERIFIED, now=now)
            if found:
                _announce(found)
    return found


def announce_once(finding: Finding, *, now: datetime) -> None:
    """Tell of an entry that is met at every beat: the first time only."""
    with transaction.atomic():
        name = f"{LEDGER_NOT_WHOLE.name}:{finding.entry}"
        _told, is_new = Heartbeat.objects.get_or_create(name=name, defaults={"at": now})
        if is_new:
            _announce(finding)


def _announce(finding: Finding) -> None:
    announce(LEDGER_NOT_WHOLE, **{**asdict(finding), "problem": finding.problem.value})


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else computes now. The lock is that of the connection, so it ends with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        is_our_turn = cursor.fetchone()[0]
    try:
        yield is_our_turn
    finally:
        if is_our_turn:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
