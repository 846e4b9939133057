"""Where an answer of a reporter is heard: on the report itself, and where that is worked on."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from common.errors import Stale
from common.models import StoredFile
from incidents.choices import EventKind
from incidents.errors import IsOver
from incidents.models import Attachment, Incident
from incidents.selectors.hearing import is_heard
from incidents.services import attaching
from incidents.services.rows import BY_LINK, lock, write_down
from people.models import User


@dataclass(frozen=True)
class Heard:
    """Both held.  at_work: what the report was merged into, else the report."""

    report: Incident
    at_work: Incident

    @property
    def is_merged(self) -> bool:
        """Whether the work goes on somewhere else."""
        return self.at_work.pk != self.report.pk


def hear(incident_id: uuid.UUID) -> Heard:
    """The same as `hold_both`. Raises IsOver when nobody reads it any more, or Stale."""
    heard = hold_both(incident_id)
    if not is_heard(heard.at_work, timezone.now()):
        raise IsOver
    return heard


def hold_both(incident_id: uuid.UUID) -> Heard:
    """Hold the report, and what it was merged into. Raises Stale when it is merged or taken out at this moment."""
    into_id = Incident.objects.values_list("merged_into", flat=True).get(pk=incident_id)
    rows = {pk: lock(pk) for pk in sorted({incident_id, into_id or incident_id})}
    report = rows[incident_id]
    if report.merged_into_id not in {None, *rows}:
        raise Stale
    at_work = rows[report.merged_into_id] if report.merged_into_id else report
    return Heard(report, at_work)


def write_answer(heard: Heard, *, by: User | None, text: str, now: datetime) -> None:
    """On the report's own timeline for its reporter; where it is worked on for those at work alone."""
    values: dict[str, Any] = {} if by else {"by_link": True}
    verb, who = "incident.replied", by or BY_LINK
    write_down(heard.report, EventKind.REPLY, verb=verb, by=who, now=now, text=text, values=values, is_public=True)
    if heard.is_merged:
        values, url = {"what": heard.report.reference}, heard.report.get_absolute_url()
        write_down(heard.at_work, EventKind.REPLY, verb=verb, by=who, now=now, text=text, values=values, url=url)


def place_answer(heard: Heard, file: StoredFile, *, by: User | None, now: datetime) -> Attachment:
    """The same for a file that was taken in. Returns the one of the report."""
    own = attaching.place(heard.report, file, by=by, is_from_reporter=True, is_public=True, now=now)
    if heard.is_merged:
        who = by or BY_LINK
        attaching.place(heard.at_work, file, by=who, is_from_reporter=False, is_public=False, now=now)
    return own
