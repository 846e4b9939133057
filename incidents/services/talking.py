"""Talking with the people who reported it."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.choices import EventKind, State
from incidents.errors import IsOver, Unfit
from incidents.models import Incident
from incidents.services.audience import tell_reporters, tell_workers
from incidents.services.rows import BY_LINK, lock, save, write_down
from people.models import User

#: Here nobody reads an answer any more.
OVER = (State.CLOSED, State.CANCELLED, State.MERGED)


@transaction.atomic
def update_reporters(
    *,
    incident_id: uuid.UUID,
    by: User,
    text: str,
    public_title: str | None = None,
    expected_at: datetime | None = None,
    version: int | None = None,
) -> Incident:
    """Tell those who reported it, or joined, how it stands.

    public_title: under which it is offered to others who report the same; None leaves it.
    expected_at: when it should be over; None leaves it unknown.
    """
    if not text.strip():
        raise Unfit(fields={"text": [_("Write what people should know.")]})
    incident, now = lock(incident_id, version), timezone.now()
    if incident.state in OVER:
        raise IsOver
    incident.expected_at = expected_at
    if public_title is not None:
        incident.public_title = public_title.strip()
    save(incident, "expected_at", "public_title")
    values = {"expected_at": expected_at.isoformat()} if expected_at else {}
    write_down(
        incident,
        EventKind.UPDATE,
        verb="incident.updated_reporters",
        by=by,
        now=now,
        text=text.strip(),
        values=values,
        is_public=True,
    )
    tell_reporters(incident, "report.update", text=text.strip(), but=by)
    return incident


@transaction.atomic
def reply(*, incident_id: uuid.UUID, by: User | None, text: str) -> Incident:
    """An answer on the tracking page.  by: the reporter; None when they are not signed in, and the link is all we know.

    Those who work on it hear of it. Raises IsOver when nobody reads it any more.
    """
    if not text.strip():
        raise Unfit(fields={"text": [_("Write your answer first.")]})
    incident, now = lock(incident_id), timezone.now()
    if incident.state in OVER:
        raise IsOver
    write_down(
        incident,
        EventKind.REPLY,
        verb="incident.replied",
        by=by or BY_LINK,
        now=now,
        text=text.strip(),
        values={} if by else {"by_link": True},
        is_public=True,
    )
    tell_workers(incident, "incident.reply", but=by, by_link=by is None)
    return incident
