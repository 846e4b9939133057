"""Where people are signed in, and ending it."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from ledger.services import Actor, record
from people.models import BrowserSession, User

DEVICE_LENGTH = 120
ADDRESS_LENGTH = 45
REMOVED_AT_ONCE = 500


def note_session(*, person: User, session_key: str, device: str, address: str, now: datetime) -> None:
    """Keep that a browser was just seen in which the person is signed in. Not in the ledger: signing in is."""
    seen = {
        "person": person,
        "device": device[:DEVICE_LENGTH],
        "address": address[:ADDRESS_LENGTH],
        "last_seen_at": now,
    }
    BrowserSession.objects.update_or_create(
        session_key=session_key, defaults=seen, create_defaults=seen | {"started_at": now}
    )


@transaction.atomic
def end_session(*, session_id: uuid.UUID | str, by: Actor) -> None:
    """Sign one browser out. Raises BrowserSession.DoesNotExist."""
    session = BrowserSession.objects.select_for_update(of=["self"]).select_related("person").get(pk=session_id)
    _forget([session])
    record(verb="person.session_ended", subject=session.person, actor=by, data={"device": session.device})


@transaction.atomic
def end_sessions(*, person: User, by: Actor, but: str | None = None) -> int:
    """Sign the person out everywhere, or everywhere but in the browser with this session key. Returns how many."""
    ended = list(BrowserSession.objects.filter(person=person).exclude(session_key=but or "").select_for_update())
    _forget(ended)
    if ended:
        record(verb="person.sessions_ended", subject=person, actor=by, data={"count": len(ended)})
    return len(ended)


@transaction.atomic
def end_every_session(*, by: Actor) -> int:
    """Sign everybody out everywhere. Returns in how many browsers somebody was signed in."""
    count = BrowserSession.objects.count()
    for person in User.objects.filter(browser_sessions__isnull=False).distinct():
        end_sessions(person=person, by=by)
    Session.objects.all().delete()
    return count


def forget_session(*, session_key: str | None) -> None:
    """Somebody signed out in this browser."""
    BrowserSession.objects.filter(session_key=session_key or "").delete()


def forget_old_sessions(*, now: datetime) -> int:
    """Remove what nobody is signed in by any more. Returns how many rows of ours; works in batches."""
    old = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    _removed(Session.objects.filter(expire_date__lt=now))
    return _removed(BrowserSession.objects.filter(last_seen_at__lt=old))


def _removed(rows: QuerySet[Any]) -> int:
    count = 0
    while batch := list(rows.values_list("pk", flat=True)[:REMOVED_AT_ONCE]):
        rows.filter(pk__in=batch).delete()
        count += len(batch)
    return count


def _forget(sessions: list[BrowserSession]) -> None:
    Session.objects.filter(pk__in=[session.session_key for session in sessions]).delete()
    BrowserSession.objects.filter(pk__in=[session.pk for session in sessions]).delete()
